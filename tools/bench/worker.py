"""The shop's worker with the measured reactions: `dramatiq tools.bench.worker`."""

from tools.bench.reactions import HANDLERS
from workers import main, routing

routing.HANDLERS.update(HANDLERS)
broker = main.broker
