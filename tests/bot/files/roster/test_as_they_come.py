"""Rosters as programs and offices really leave them; each file is written here."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from bot.files.roster.cells import Cell, Partial, text_of
from bot.files.roster.dates import parse_day, read_day
from bot.files.roster.faults import Unreadable
from bot.files.roster.number_formats import matters, show
from bot.text.radicals import RADICALS
from tests.bot.files.roster.files import csv_file, drawn, read, refusal, xlsx_file

pytestmark = pytest.mark.thorough

CHINA = ZoneInfo("Asia/Shanghai")
SERIAL = 40725  # 2011-07-01
SECOND = 1 / 86400
TITLES = ["姓名", "账号", "入党日期"]
Change = Callable[[str, bytes], tuple[str, bytes]]


def styled(cell: object, code: str, *, title: str = "入党日期") -> bytes:
    """A roster of one person with one cell in that number format."""

    def draw(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["姓名", title])
        sheet.write(1, 0, "王伟")
        sheet.write(1, 1, cell, book.add_format({"num_format": code}))

    return drawn(draw)


def styled_xls(cell: object, code: str, *, title: str = "入党日期") -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("党员")
    for column, said in enumerate(["姓名", title]):
        sheet.write(0, column, said)
    sheet.write(1, 0, "王伟")
    sheet.write(1, 1, cell, xlwt.easyxf(num_format_str=code))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def rewritten(content: bytes, change: Change) -> bytes:
    """The same package with other names or texts of its parts."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(written, "w") as new,
    ):
        for name in old.namelist():
            called, body = change(name, old.read(name))
            part = zipfile.ZipInfo("x")
            part.filename = called
            new.writestr(part, body)
    return written.getvalue()


class TestDays:
    @pytest.mark.parametrize(
        "number",
        [
            SERIAL - 43 * SECOND,
            SERIAL + 43 * SECOND,
            SERIAL - 343 * SECOND,
            SERIAL - 8 / 24,
            SERIAL - 8 / 24 - 43 * SECOND,
        ],
    )
    @pytest.mark.parametrize("code", ["yyyy-mm-dd", "m/d/yy", "yyyy/m/d h:mm"])
    @pytest.mark.parametrize("write", [styled, styled_xls])
    def test_a_midnight_that_javascript_wrote(
        self, number: float, code: str, write: Callable[[object, str], bytes]
    ) -> None:
        (one,) = read(write(number, code)).entries
        assert one.joined == date(2011, 7, 1)

    def test_what_is_taken_for_a_midnight_elsewhere_is_told(self) -> None:
        roster = read(styled(SERIAL - 8 / 24, "yyyy-mm-dd"))
        assert any("2011-06-30 16:00" in str(each) for each in roster.warnings)
        plain = read(styled(SERIAL - 43 * SECOND, "yyyy-mm-dd"))
        assert not any("2011-06-30" in str(each) for each in plain.warnings)

    @pytest.mark.parametrize(
        "text",
        [
            "2011-06-30T16:00:00.000Z",
            "2011-06-30T16:00:00Z",
            "2011-06-30 16:00:00+00:00",
            "2011-06-30T12:00:00-0400",
            "2011-06-30 23:59:17",
            "2011-07-01 00:00:43",
            "Fri Jul 01 2011 00:00:00 GMT+0800 (中国标准时间)",
            "2011/6/30 下午11:59:17",
        ],
    )
    def test_written_times(self, text: str) -> None:
        day = parse_day(text)
        assert (day.day, day.remark) == (date(2011, 7, 1), None)

    @pytest.mark.parametrize(
        ("text", "day", "clock"),
        [
            ("2011-06-30 14:30", date(2011, 6, 30), "14:30"),
            ("2011-06-30 16:00:00", date(2011, 6, 30), "16:00"),
            ("2011-06-30T10:00:00Z", date(2011, 6, 30), "18:00"),
            ("2011-06-30 下午3:00", date(2011, 6, 30), "15:00"),
            ("2011-06-30 上午9:05", date(2011, 6, 30), "09:05"),
            ("2011-06-30 上午12:05", date(2011, 6, 30), "00:05"),
            ("2011-06-30 12:30 PM", date(2011, 6, 30), "12:30"),
            ("2011-06-30 11:59 PM +0000", date(2011, 7, 1), "07:59"),
            ("40725.5", date(2011, 7, 1), "12:00"),
        ],
    )
    def test_any_other_time_of_day_is_told(
        self, text: str, day: date, clock: str
    ) -> None:
        roster = read(csv_file([TITLES, ["王伟", "wangwei", text]]))
        assert roster.entries[0].joined == day
        (told,) = [each for each in roster.warnings if each.row == 2]
        assert (told.column, clock in told.sentence) == ("入党日期", True)

    @pytest.mark.parametrize(
        "text",
        ["2011-07-01 25:00", "2011-07-01T00:00:00+99:99", "9999-12-31 23:59:59",
         "0001-01-01T00:00:00+14:00"],
    )  # fmt: skip
    def test_no_such_time(self, text: str) -> None:
        with pytest.raises(Unreadable):
            parse_day(text)

    @given(st.dates(date(1949, 10, 1), date(2026, 8, 1)))
    def test_every_midnight_of_china_comes_back(self, day: date) -> None:
        """Summer time included: its days begin at 15:00 of the day before."""
        midnight = datetime.combine(day, datetime.min.time(), CHINA).astimezone(UTC)
        assert parse_day(midnight.strftime("%Y-%m-%dT%H:%M:%S.000Z")).day == day
        assert read_day(midnight.replace(tzinfo=None)).day == day

    @given(st.dates(date(1921, 7, 1), date(2026, 8, 1)), st.integers(-60, 60))
    def test_a_minute_from_midnight_rounds(self, day: date, seconds: int) -> None:
        moment = datetime.combine(day, datetime.min.time())
        off = moment + timedelta(seconds=seconds)
        assert read_day(off).day == parse_day(str(off)).day == day


class TestWhatACellShows:
    @pytest.mark.parametrize("write", [styled, styled_xls])
    @pytest.mark.parametrize(
        ("code", "why"),
        [
            ('yyyy"年"m"月"', "缺几日"),
            ("yyyy-mm", "缺几日"),
            ("mmm-yy", "缺几日"),
            ('[$-804]e"年"m"月";@', "缺几日"),
            ('[DBNum1][$-804]yyyy"年"m"月"', "缺几日"),
            ("yyyy", "缺月和日"),
            ('m"月"d"日"', "缺年份"),
            ("d-mmm", "缺年份"),
            ("h:mm", "看不懂"),
        ],
    )
    def test_less_than_a_day(
        self, code: str, why: str, write: Callable[[object, str], bytes]
    ) -> None:
        (fault,) = refusal(write(SERIAL, code)).faults
        assert (fault.row, fault.column) == (2, "入党日期")
        assert why in fault.sentence

    @pytest.mark.parametrize(
        "code",
        ["yyyy-mm-dd", "yyyy/m/d;@", 'yyyy"年"m"月"d"日"', "[$-F800]dddd, mmmm d, yyyy",
         "yyyy-mm-dd hh:mm:ss", "General", "0", "@", "d/m/yy"],
    )  # fmt: skip
    def test_a_whole_day(self, code: str) -> None:
        assert read(styled(SERIAL, code)).entries[0].joined == date(2011, 7, 1)

    def test_formats_that_have_a_number_and_no_code(self) -> None:
        content = rewritten(
            styled(SERIAL, 'yyyy"年"m"月"'),
            lambda name, body: (
                name,
                body.replace(b'<xf numFmtId="164"', b'<xf numFmtId="57"'),
            ),
        )
        assert "缺几日" in str(refusal(content))

    @pytest.mark.parametrize(
        ("number", "code", "account"),
        [
            (7, "0000", "0007"),
            (20, '"gh"00000', "gh00020"),
            (123456, "0000", "123456"),
            (70012, "000-000", "070-012"),
            (7, "0000_ ", "0007"),
            (20110701, "General", "20110701"),
        ],
    )
    @pytest.mark.parametrize("write", [styled, styled_xls])
    def test_noughts_are_kept(
        self, number: int, code: str, account: str, write: Callable[..., bytes]
    ) -> None:
        assert read(write(number, code, title="账号")).entries[0].userid == account

    @pytest.mark.parametrize("code", ["yyyy-mm-dd", "d-mmm", 'm"月"d"日"', "0.00E+00"])
    @pytest.mark.parametrize("title", ["账号", "党小组", "党内职务"])
    def test_what_became_a_day_or_lost_its_digits(self, code: str, title: str) -> None:
        (fault,) = refusal(styled(SERIAL, code, title=title)).faults
        assert fault.column == title
        assert "被表格变成了" in fault.sentence

    @given(st.text(alphabet='ymdhse0#?;@"\\[]年月日_*.,/-: GE+', max_size=24))
    def test_no_format_breaks_it(self, code: str) -> None:
        matters(code)
        shown = show(datetime(2011, 7, 1), code), show(7.0, code)  # noqa: DTZ001
        assert all(each is None or text_of(each) is not None for each in shown)

    @given(st.integers(0, 10**9), st.integers(1, 12))
    def test_a_number_keeps_its_value(self, number: int, width: int) -> None:
        code = "0" * width
        shown = show(float(number), code)
        assert int(text_of(number if shown is None else shown)) == number
        assert width < 2 or len(text_of(shown or "")) == max(width, len(str(number)))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ('="20231234"', "20231234"),
        ("'20231234", "20231234"),
        ("‘20231234", "20231234"),
        ('="00""7"', '00"7'),
        ("O'Neil", "O'Neil"),
        ("⻢丽", "马丽"),
    ],
)
def test_how_a_text_is_kept_one(typed: str, kept: str) -> None:
    assert text_of(typed) == kept


def test_kept_texts_in_files() -> None:
    lines = 'userid,姓名,入党日期\n="0007",⻢⻰,\'2011-07-01\n'.encode()
    (one,) = read(lines).entries
    assert (one.userid, one.name, one.joined) == ("0007", "马龙", date(2011, 7, 1))
    (two,) = read(xlsx_file([TITLES, ["⾦⽟", "'20231234", "2011-07-01"]])).entries
    assert (two.name, two.userid) == ("金玉", "20231234")


def test_every_radical_is_one_character() -> None:
    named = [chr(one) for one in (*range(0x2E81, 0x2E9A), *range(0x2E9B, 0x2EF4))]
    unified = [text_of(each) for each in named if each != "⺀"]
    assert all(each < "⼀" or each > "⿕" for each in unified)
    assert not set(unified) & set(named)
    assert all(len(one) == 1 for one in RADICALS.values())


def uncached(name: str, body: bytes) -> tuple[str, bytes]:
    return name, re.sub(rb"(?<=</f>)<v>0</v>", b"", body)


class TestFormulas:
    def draw(self, book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        for column in range(3):
            sheet.write_formula(1, column, f"=Sheet9!{'ABC'[column]}2")

    def test_a_row_without_results_is_named(self) -> None:
        faults = refusal(rewritten(drawn(self.draw), uncached)).faults
        assert {(f.row, f.column) for f in faults} == {(2, title) for title in TITLES}
        assert all("没有算出结果的公式" in f.sentence for f in faults)

    def test_empty_values_count_as_none(self) -> None:
        content = rewritten(
            drawn(self.draw),
            lambda name, body: (name, body.replace(b"</f><v>0</v>", b"</f><v></v>")),
        )
        assert len(refusal(content).faults) == 3

    def test_a_constant_needs_no_working_out(self) -> None:
        def draw(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, TITLES)
            sheet.write_row(1, 0, ["王伟", "", "2011-07-01"])
            sheet.write_formula(1, 1, '="20231234"')

        (one,) = read(rewritten(drawn(draw), uncached)).entries
        assert one.userid == "20231234"

    def test_a_formula_that_comes_to_nothing_is_nothing(self) -> None:
        def draw(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["姓名", "入党日期"])
            sheet.write_row(1, 0, ["王伟", "2011-07-01"])
            sheet.write_formula(2, 0, '=Sheet9!A3&""', None, "")

        content = rewritten(
            drawn(draw),
            lambda name, body: (
                name,
                re.sub(rb'<c r="A3"[^>]*>(<f>.*?</f>).*?</c>',
                       rb'<c r="A3" t="str">\1<v></v></c>', body),
            ),
        )  # fmt: skip
        assert len(read(content).entries) == 1

    def test_a_formula_as_text_is_named(self) -> None:
        (fault,) = refusal(csv_file([TITLES, ["王伟", "ww", "=A1+1"]])).faults
        assert "公式" in fault.sentence


class TestWhatIsNotSeen:
    def draw(self, book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        struck = book.add_format({"font_strikeout": True})
        plain = book.add_format()
        sheet.write_row(0, 0, TITLES)
        rows = [["王伟", "a1"], ["李娜", "a2"], ["张敏", "a3"], ["刘洋", "a4"]]
        for at, row in enumerate(rows, 1):
            sheet.write_row(at, 0, [*row, "2011-07-01"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write(3, 0, "张敏", struck)
        sheet.write_rich_string(4, 0, plain, "刘", struck, "洋", plain)
        sheet.set_column(2, 2, None, None, {"hidden": True})
        sheet.write(9, 0, "", struck)

    def test_hidden_and_struck_out_rows_are_told(self) -> None:
        told = "\n".join(map(str, read(drawn(self.draw)).warnings))
        assert "隐藏的 1 行也读了：李娜（第 3 行）" in told
        assert "有 1 行里画了删除线" not in told
        assert "张敏（第 4 行）" in told
        assert "「入党日期」：这一列是隐藏的" in told
        assert "王伟" not in told

    def test_of_an_old_workbook(self) -> None:
        book = xlwt.Workbook()
        sheet = book.add_sheet("党员")
        struck = xlwt.easyxf("font: struck_out on")
        for row, name in enumerate(["姓名", "王伟", "李娜", "张敏"]):
            sheet.write(row, 0, name, *([struck] if name == "张敏" else []))
            sheet.write(row, 1, "入党日期" if row == 0 else "2011-07-01")
        sheet.row(2).hidden = True
        sheet.col(1).hidden = True
        content = io.BytesIO()
        book.save(content)
        told = "\n".join(map(str, read(content.getvalue()).warnings))
        assert "隐藏的 1 行也读了：李娜（第 3 行）" in told
        assert "有 1 行里画了删除线，也读了：张敏（第 4 行）" in told
        assert told.count("删去那一行不会移出名册，请用 members remove 账号 移出") == 2
        assert "「入党日期」：这一列是隐藏的" in told


def second_workbook(name: str, body: bytes) -> tuple[str, bytes]:
    called = name.replace("workbook.xml", "workbook2.xml")
    return called, body.replace(b"xl/workbook.xml", b"xl/workbook2.xml")


@pytest.mark.parametrize(
    "change",
    [
        lambda name, body: (name.replace("/", "\\"), body),
        second_workbook,
        lambda name, body: (
            second_workbook(name, body)[0].replace("/", "\\"),
            second_workbook(name, body)[1],
        ),
        lambda name, body: (name.upper(), body),
        lambda name, body: (f"/{name}", body),
    ],
    ids=["backslashes", "workbook2", "both", "capitals", "rooted"],
)
def test_packages_with_other_names(change: Change) -> None:
    content = rewritten(styled(7, "0000", title="账号"), change)
    assert read(content).entries[0].userid == "0007"
    broken = xlsx_file([TITLES, ["王伟", "ww", "=1/0"]])
    assert refusal(rewritten(broken, change)).faults


@pytest.mark.parametrize("cell", [Partial("2011年7月"), datetime(2011, 7, 1, 8)])  # noqa: DTZ001
def test_such_cells_are_spelled(cell: Cell) -> None:
    assert text_of(cell).startswith("2011")
