/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-answer.h"

void
cw_answer_free (CwAnswer *self)
{
  g_return_if_fail (self != NULL);

  if (self->page != NULL)
    g_string_free (self->page, TRUE);
  g_clear_error (&self->error);
  g_free (self);
}
