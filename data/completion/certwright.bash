# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Completion of certwright for bash: the window takes nothing but what every program takes.

complete -W '--help' certwright
