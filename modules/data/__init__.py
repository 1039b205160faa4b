"""Components that read, write and sort data."""

from modules.data.base64 import Base64
from modules.data.csv import Csv
from modules.data.hash import Hash
from modules.data.json import Json
from modules.data.schedule_window import ScheduleWindow
from modules.data.sql_query import SqlQuery
from modules.data.text_template import TextTemplate
from weirflow import Module

module = Module("data-v1", "0.1.0", [Base64, Csv, Hash, Json, ScheduleWindow, SqlQuery, TextTemplate])
