/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * CwField:
 *
 * An entry row that can say what is wrong with what was typed, in a row of its
 * own right below it.
 */
#define CW_TYPE_FIELD (cw_field_get_type ())
G_DECLARE_FINAL_TYPE (CwField, cw_field, CW, FIELD, AdwEntryRow)

CwField *cw_field_new (const char *title);

/**
 * cw_field_get_message_row:
 *
 * Returns: (transfer none): the row for the message; whoever adds the field to
 *   a list adds it right behind it
 */
GtkWidget *cw_field_get_message_row (CwField *self);

/**
 * cw_field_set_error:
 * @message: (nullable): the sentence; %NULL if all is well
 *
 * The message is read out by a screen reader as the field's error.
 */
void cw_field_set_error (CwField *self, const char *message);

const char *cw_field_get_text (CwField *self);

G_END_DECLS
