"""Rows held for the length of a transaction, always the vacancy before what hangs on it, so that no two wait for each other."""

from __future__ import annotations

from jiujin.work.models import Application, Introduction, Vacancy


def locked_vacancy(vacancy: Vacancy) -> Vacancy:
    """The vacancy as it is now, held."""
    return Vacancy.objects.select_for_update(of=("self",)).select_related("employer", "workplace").get(pk=vacancy.pk)


def locked_application(application: Application) -> Application:
    """The application as it is now, held together with its vacancy."""
    vacancy = Vacancy.objects.select_for_update().get(applications=application.pk)
    held = Application.objects.select_for_update().get(pk=application.pk)
    held.vacancy = vacancy
    return held


def locked_introduction(introduction: Introduction) -> Introduction:
    """The introduction as it is now, held together with its vacancy."""
    vacancy = Vacancy.objects.select_for_update().get(introductions=introduction.pk)
    held = Introduction.objects.select_for_update().get(pk=introduction.pk)
    held.vacancy = vacancy
    return held
