"""What a worker does not do when Redis goes away in the middle of a poke.

kombu 5.7 acknowledges and puts back on channels whose connection is gone. That raises
``AttributeError``, which Celery takes for a defect of its own and ends the worker. Nothing needs
saying there: the next period does the work of a lost poke (delivery.md §13).
"""

from __future__ import annotations

from kombu.transport import redis


class Pokes(redis.QoS):
    """Messages of a channel that may be forgotten with it."""

    restore_at_shutdown = False

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge, while there is somebody to tell."""
        if not self.channel.closed:
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Refuse or give back, while there is somebody to tell."""
        if not self.channel.closed:
            super().reject(  # type: ignore[no-untyped-call]
                delivery_tag, requeue=requeue
            )


def let_pokes_be_forgotten() -> None:
    """Make every channel to Redis of this process one of these."""
    redis.Channel.QoS = Pokes
