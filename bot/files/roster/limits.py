"""How large a roster may be, and the sentence for a larger one."""

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 1000
MAX_CELLS = 8_000_000
TOO_LARGE = "文件太大：一次最多 20 MB、20 万行、1000 列，请拆开或删去多余的行列再导入。"
