def ods_as_xlsx(content, styles, limits):
    raise NotImplementedError
