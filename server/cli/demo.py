"""xiangyang demo: a sample branch and the built-in twin, in the browser."""

from pathlib import Path

import click

from server.demo.demo import run_demo


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="数据放在哪个文件夹（默认：临时文件夹，用完即弃）",
)
@click.option("--aibot", is_flag=True, help="还有一个智能机器人，几个人能跟它对话")
def demo(*, port: int, data: Path | None, aibot: bool) -> None:
    """演示：一个示例支部，在浏览器里当任何一位党员或书记。"""
    run_demo(port, data, with_robot=aibot)
