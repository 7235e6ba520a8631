"""A process that is told to stop ends, whichever of its threads the system tells."""

import sys
from subprocess import run

TOLD_ASIDE = """
from signal import SIGTERM, pthread_kill
from threading import Event, Thread, get_ident
from time import sleep
from server.process.parts import wait_for_signal

class Waiting(Event):
    asleep = Event()

    def wait(self, timeout=None):
        self.asleep.set()
        return super().wait(timeout)

def tell():
    Waiting.asleep.wait()
    sleep(0.2)  # it is only now on its way
    pthread_kill(get_ident(), SIGTERM)

Thread(target=tell, daemon=True).start()
wait_for_signal(Waiting())
print("ended")
"""


def test_a_signal_to_any_thread_ends_the_process() -> None:
    command = [sys.executable, "-c", TOLD_ASIDE]
    done = run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "ended\n"
