"""What can be wrong with a file as a whole, by the code of its refusal. The words of a case are the refusal's own."""

from __future__ import annotations

from perfxl.checks.declared import Declaration
from perfxl.checks.finding import Severity
from perfxl.intake.known_lists import TO_THE_BUREAU
from perfxl.intake.named_scheme import OTHER_STAGE

_WORDS = (
    ("F101", "空文件", "文件没有任何内容", "请核对是否保存成功，重新报送"),
    ("F102", "设有密码", "工作簿设有打开密码，无法读取", "请清空密码，保存后重新报送"),
    ("F103", "不是工作簿", "是其他格式的文件（按内容判断，不看扩展名）", "请用下发的模板填写，另存为 .xlsx 后报送"),
    ("F104", "文件损坏", "文件没有传完或没有正常保存，打不开", "请在 Excel 中打开原文件，另存为 .xlsx 后重新报送"),
    ("F105", "超过上限", "文件大小、展开大小、部件数等超过上限，或含有有害内容", "请按提示精简后重新报送"),
    ("F106", "内容超出模板范围", "有单元格远在模板范围之外", "请删除所示单元格所在的行和列"),
    ("F107", "文件打不开", "没有读取权限，被占用，或是文件夹的链接", "请关闭占用它的程序或设置权限，再运行"),
    ("F108", "读取失败", "读取时程序异常终止、占用内存过多或超过时间", "请用空白模板重新填写后报送"),
    ("F109", "压缩包有问题", "压缩包损坏、有密码、路径不安全或文件过多", "请按提示重新打包，或解压后放入文件夹"),
    ("F110", "不是填报模板", "是 Excel 工作簿，但不是填报模板", "请用下发的模板填写后报送"),
    (
        "W623",
        "财政名单没有采用",
        "报送文件夹里有财政部门的名单或评分方案，没有采用",
        TO_THE_BUREAU,
    ),
    (
        OTHER_STAGE,
        "其他阶段的填报表",
        "填报表属于本年度的其他阶段（目标申报、运行监控或自评），没有计分",
        "请在该阶段运行时处理；应报送本阶段的，请用本阶段的模板填报",
    ),
    ("F112", "模板格式不同", "模板格式比程序旧或比程序新", "请用新下发的模板重新填报，或升级 perfxl"),
    ("F113", "其他方案的模板", "模板属于其他方案或其他年度", "请用 --scheme 指定该方案，或用本次方案的模板重新填报"),
)
LIST_IN_INPUT = "W623"
"""The code of the one that returns nobody's workbook: a list or a scheme that stands where others put files."""
FILE_CHECKS = tuple(
    Declaration(code, Severity.ERROR if code.startswith("F") else Severity.WARNING, title, what, advice)
    for code, title, what, advice in _WORDS
)
FILE_TITLES = {check.code: check.title for check in FILE_CHECKS}
