/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the chapters of the help are written with. Each is an array of pages that ends
 * with one without a name.
 */

#pragma once

#include <glib/gi18n-lib.h>

#include "cw-help.h"

G_BEGIN_DECLS

/* Names or ids. */
#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

extern const CwHelpPage cw_help_basics[];
extern const CwHelpPage cw_help_steps[];
extern const CwHelpPage cw_help_report[];
extern const CwHelpPage cw_help_test[];
extern const CwHelpPage cw_help_authority[];
extern const CwHelpPage cw_help_keeping[];

G_END_DECLS
