"""The components that nearly every flow needs."""

from modules.common.debug import Debug
from modules.common.router import Router
from modules.common.signal import Signal
from modules.common.stateful_counter import StatefulCounter
from modules.common.ticker import Ticker
from modules.common.transform import Transform
from weirflow import Module

module = Module("common-v1", "0.1.0", [Debug, Router, Signal, StatefulCounter, Ticker, Transform])
