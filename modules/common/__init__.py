"""The components that nearly every flow needs."""

from modules.common.async_ import Async
from modules.common.code import Code
from modules.common.collect import Collect
from modules.common.cron import Cron
from modules.common.debug import Debug
from modules.common.delay import Delay
from modules.common.display import Display
from modules.common.filter import Filter
from modules.common.form import Form
from modules.common.group_by import GroupBy
from modules.common.inject import Inject
from modules.common.key_value import KeyValue
from modules.common.merge import Merge
from modules.common.retry import Retry
from modules.common.router import Router
from modules.common.signal import Signal
from modules.common.split import Split
from modules.common.stateful_counter import StatefulCounter
from modules.common.ticker import Ticker
from modules.common.transform import Transform
from weirflow import Module

module = Module(
    "common-v1",
    "0.2.0",
    [
        Async,
        Code,
        Collect,
        Cron,
        Debug,
        Delay,
        Display,
        Filter,
        Form,
        GroupBy,
        Inject,
        KeyValue,
        Merge,
        Retry,
        Router,
        Signal,
        Split,
        StatefulCounter,
        Ticker,
        Transform,
    ],
)
