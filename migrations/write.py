"""python -m migrations.write "What changes": writes a migration from the tables."""

import sys
from tempfile import TemporaryDirectory

from alembic import command

from bot.maintenance import schema, upgrade
from bot.storage.database import Storage


def main(message: str) -> None:
    with TemporaryDirectory() as folder:
        storage = Storage(f"sqlite:///{folder}/empty.db")
        upgrade.upgrade(storage)
        with storage.exclusive() as connection:
            config = upgrade.make_config(connection=connection)
            number = f"{int(schema.revisions()[-1]) + 1:04d}"
            command.revision(config, message, autogenerate=True, rev_id=number)
        storage.close()


if __name__ == "__main__":
    main(sys.argv[1])
