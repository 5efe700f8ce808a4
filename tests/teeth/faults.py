"""Every fault that is planted, by what it touches. A fault that no test notices is a test that is missing."""

from . import (
    faults_in_the_database,
    faults_of_acts,
    faults_of_answers,
    faults_of_doors,
    faults_of_the_draw,
    faults_of_the_exchange,
    faults_of_the_house,
    faults_of_the_list,
)
from .planting import Fault

FAULTS: list[Fault] = [
    *faults_of_the_draw.FAULTS,
    *faults_in_the_database.FAULTS,
    *faults_of_acts.FAULTS,
    *faults_of_doors.FAULTS,
    *faults_of_the_exchange.FAULTS,
    *faults_of_answers.FAULTS,
    *faults_of_the_list.FAULTS,
    *faults_of_the_house.FAULTS,
]
