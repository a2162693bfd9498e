"""What is being prepared is nobody's business but the organisers'."""

import pytest

from tests.programme.organising import a_draft
from tests.support.arranging import sign_in
from tests.support.pages import words
from tests.support.servers import Server
