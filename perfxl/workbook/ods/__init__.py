"""OpenDocument spreadsheets, written anew as plain .xlsx: `content.ods_as_xlsx` is the way in."""
