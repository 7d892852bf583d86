# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Completion of certwright for bash: what every program takes, and files.

complete -o default -W '--help' certwright
