"""ZIP archives byte by byte, since no packing program makes those that have to be refused."""

import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO

STORED, DEFLATED = 0, 8
UTF_8 = 0x800


@dataclass
class Packed:
    """A file in an archive; None stands for what is true."""

    name: bytes
    content: bytes = b"a picture"
    method: int = DEFLATED
    flags: int = 0
    mode: int = 0o100644
    extra: bytes = b""
    size: int | None = None
    checksum: int | None = None
    offset: int | None = None
    version: int = 20
    local_name: bytes | None = None
    packed: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.packed = self.content
        if self.method == DEFLATED:
            deflate = zlib.compressobj(9, wbits=-15)
            self.packed = deflate.compress(self.content) + deflate.flush()
        self.size = len(self.content) if self.size is None else self.size
        self.checksum = zlib.crc32(self.content) if self.checksum is None else self.checksum

    @property
    def _common(self) -> bytes:
        middle = struct.pack("<HHHHH", self.version, self.flags, self.method, 0, 33)
        return middle + struct.pack("<LLL", self.checksum, len(self.packed), self.size)

    def local(self) -> bytes:
        name = self.name if self.local_name is None else self.local_name
        return b"PK\3\4" + self._common + struct.pack("<HH", len(name), 0) + name + self.packed

    def directory(self, offset: int) -> bytes:
        offset = offset if self.offset is None else self.offset
        lengths = struct.pack("<HHHHHLL", len(self.name), len(self.extra), 0, 0, 0, self.mode << 16, offset)
        return b"PK\1\2" + struct.pack("<H", 0x314) + self._common + lengths + self.name + self.extra


def zipped(*files: Packed, in_front: bytes = b"", comment: bytes = b"") -> BytesIO:
    body, directory = in_front, b""
    for file in files:
        directory += file.directory(len(body) - len(in_front))
        body += file.local()
    end = struct.pack("<4H2LH", 0, 0, len(files), len(files), len(directory), len(body) - len(in_front), len(comment))
    return BytesIO(body + directory + b"PK\5\6" + end + comment)


def named(*names: str) -> BytesIO:
    """An archive of small files that have these names."""
    return zipped(*(Packed(name.encode(), flags=UTF_8) for name in names))
