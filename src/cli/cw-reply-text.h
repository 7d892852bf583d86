/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <stdio.h>

#include "cw-intake.h"

G_BEGIN_DECLS

/**
 * cw_reply_text_print_items:
 *
 * Prints what was found, for a person: what each is, its name, and where it is.
 */
void cw_reply_text_print_items (FILE *stream, CwIntake *intake);

/* Of those, only what is unreadable or still locked. */
void cw_reply_text_print_unread (FILE *stream, CwIntake *intake);

/* If something is still locked for which no passphrase was given, says so on standard error. */
void cw_reply_text_print_locked (CwIntake *intake);

/**
 * cw_reply_text_print_report:
 * @letter: whether the texts for the CA are printed too
 *
 * Prints the verdict, then each finding with what it means and what to do.
 */
void cw_reply_text_print_report (FILE *stream, CwReport *report, gboolean letter);

/* A finding with what it means and what to do. */
void cw_reply_text_print_finding (FILE *stream, CwFinding *finding);

G_END_DECLS
