"""Supplier lists, under /lists/."""

from django.urls import path

from suppliers.views import approvals, board, bulk, entry, export, inquiries, lists, pack, save, table, talk

app_name = "suppliers"

ENTRY = "<int:pk>/entries/<int:entry_pk>/"

urlpatterns = [
    path("", lists.index, name="index"),
    path("new/", lists.create, name="create"),
    path("save/", save.save, name="save"),
    path("read/", lists.read_all, name="read-all"),
    path("<int:pk>/", table.detail, name="detail"),
    path("<int:pk>/board/", board.board, name="board"),
    path("<int:pk>/change/", bulk.bulk, name="bulk"),
    path("<int:pk>/rename/", lists.rename, name="rename"),
    path("<int:pk>/share/", lists.share, name="share"),
    path("<int:pk>/delete/", lists.delete, name="delete"),
    path("<int:pk>/export.csv", table.export, name="export"),
    path("<int:pk>/workbook/", export.workbook, name="workbook"),
    path("<int:pk>/pack/", pack.pack, name="pack"),
    path("<int:pk>/inquiries/", inquiries.index, name="inquiries"),
    path("<int:pk>/inquiries/questions/", inquiries.questions, name="questions"),
    path("<int:pk>/inquiries/sheet/", inquiries.sheet, name="inquiry"),
    path("<int:pk>/inquiries/sheet.xlsx", inquiries.workbook, name="inquiry-workbook"),
    path(ENTRY, entry.page, name="entry"),
    path(f"{ENTRY}change/", entry.change, name="change"),
    path(f"{ENTRY}move/", board.move, name="move"),
    path(f"{ENTRY}note/", entry.note, name="note"),
    path(f"{ENTRY}remove/", entry.remove, name="remove"),
    path(f"{ENTRY}refresh/", entry.refresh, name="refresh"),
    path(f"{ENTRY}pictures/<int:picture_pk>.jpg", entry.picture, name="picture"),
    path(f"{ENTRY}propose/", approvals.propose_choice, name="propose"),
    path(f"{ENTRY}answer/", approvals.answer, name="answer"),
    path(f"{ENTRY}withdraw/", approvals.withdraw_choice, name="withdraw"),
    path(f"{ENTRY}comments/", talk.write, name="comment"),
    path(f"{ENTRY}files/", talk.add_file, name="attach"),
    path(f"{ENTRY}files/<int:file_pk>/", talk.file, name="file"),
    path(f"{ENTRY}files/<int:file_pk>/remove/", talk.remove_file, name="remove-file"),
]
