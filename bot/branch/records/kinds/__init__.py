"""The kinds of records, a file each, with what people say of it beside it."""
