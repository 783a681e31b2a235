def xls_as_xlsx(data, limits):
    raise NotImplementedError


def xlsb_refusal():
    raise NotImplementedError
