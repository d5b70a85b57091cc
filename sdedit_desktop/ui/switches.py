"""Settings that are changed in a menu or a panel rather than in the dialog."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol

from sdedit_desktop.editing.session import Session
from sdedit_desktop.settings import Settings
from sdedit_desktop.ui.actions import Actions

_SWITCHES = ("live", "provenance")


class _Change(Protocol):
    def __call__(self, **values: object) -> None: ...


class Switches:
    """Keeps checkable actions and the device in step with the settings of the same names."""

    def __init__(self, session: Session, actions: Actions, change: _Change) -> None:
        """Connects the device; ``change`` keeps settings for good."""
        self._session = session
        self._actions = actions
        self._change = change
        self._device = session.params.device
        session.params_changed.connect(self._keep_device)

    def by_id(self) -> Mapping[str, Callable[[], object]]:
        """What each action does."""
        return {name: partial(self._keep, name) for name in _SWITCHES}

    def possible(self) -> Mapping[str, bool]:
        """All of them, always."""
        return {}

    def show(self, settings: Settings) -> None:
        """Sets everything as the settings want it."""
        for name in _SWITCHES:
            self._actions[name].setChecked(bool(getattr(settings, name)))
        if settings.device != self._device:
            self._device = settings.device
            params = replace(self._session.params, device=settings.device)
            self._session.change_params(params)

    def _keep(self, name: str) -> None:
        self._change(**{name: self._actions[name].isChecked()})

    def _keep_device(self) -> None:
        device = self._session.params.device
        if device != self._device:
            self._device = device
            self._change(device=device)
