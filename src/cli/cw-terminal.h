/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a person reads and answers at a terminal.
 */

#pragma once

#include <stdio.h>

#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwMark:
 *
 * How a mark is coloured, where there is colour; its word says the same.
 */
typedef enum
{
  CW_MARK_PLAIN,
  CW_MARK_GOOD,
  CW_MARK_NOTE,
  CW_MARK_WARNING,
  CW_MARK_PROBLEM,
} CwMark;

/**
 * cw_terminal_print:
 * @indent: columns before each line
 * @text: may have several lines
 *
 * Prints @text and ends the line: wrapped to the width of the terminal if
 * @stream is one, without anything that would control it, and in the locale's
 * character set.
 */
void cw_terminal_print (FILE *stream, guint indent, const char *text);

/**
 * cw_terminal_print_marked:
 * @mark: the colour, if @stream is a terminal and NO_COLOR is not set
 * @word: goes before @text, as in "Problem"
 */
void cw_terminal_print_marked (
    FILE *stream, guint indent, CwMark mark, const char *word, const char *text);

/**
 * cw_terminal_can_ask:
 *
 * Whether somebody can answer: standard input is a terminal, or see the next.
 */
gboolean cw_terminal_can_ask (void);

/**
 * cw_terminal_spare_input:
 *
 * Where standard input is not for answers: from now on secrets are asked for on
 * the terminal that controls the process, if there is one.
 */
void cw_terminal_spare_input (void);

/**
 * cw_terminal_ask_secret:
 * @prompt: what to ask, without a colon
 * @error: %CW_ERROR_PASSPHRASE_NEEDED if nothing was entered
 *
 * Asks on standard error and reads a line of the terminal, which does not
 * show while it is typed. A signal that ends or stops the process finds the
 * terminal as it was.
 */
CwSecret *cw_terminal_ask_secret (const char *prompt, GError **error);

/**
 * cw_terminal_confirm:
 *
 * Asks a question on standard error. Anything but a yes is a no.
 */
gboolean cw_terminal_confirm (const char *question);

G_END_DECLS
