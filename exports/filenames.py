"""Names of files that are downloaded: what somebody called a thing, without what file systems refuse."""

UNSAFE_IN_FILE_NAMES = '/\\:*?"<>|'
LONGEST_FILE_NAME = 80


def file_name(title: str, ending: str, *, without_title: str = "export") -> str:
    """`ending`: without its dot."""
    stem = title.removesuffix(f".{ending}")
    kept = "".join("-" if sign in UNSAFE_IN_FILE_NAMES or not sign.isprintable() else sign for sign in stem)
    return f"{kept.strip(' .')[:LONGEST_FILE_NAME] or without_title}.{ending}"
