/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <openssl/err.h>

#include "cw-error.h"

typedef struct
{
  char *details;
} CwErrorPrivate;

static void
cw_error_private_init (CwErrorPrivate *priv)
{
  priv->details = NULL;
}

static void
cw_error_private_copy (const CwErrorPrivate *source, CwErrorPrivate *copy)
{
  copy->details = g_strdup (source->details);
}

static void
cw_error_private_clear (CwErrorPrivate *priv)
{
  g_clear_pointer (&priv->details, g_free);
}

G_DEFINE_EXTENDED_ERROR (CwError, cw_error)

/* Empties this thread's queue, the oldest error first: it is the cause of the others. */
static char *
take_openssl_errors (void)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  const char *data;
  unsigned long code;
  int flags;

  while ((code = ERR_get_error_all (NULL, NULL, NULL, &data, &flags)) != 0)
    {
      char text[256];

      ERR_error_string_n (code, text, sizeof text);
      if (lines->len > 0)
        g_string_append_c (lines, '\n');
      g_string_append (lines, text);
      if ((flags & ERR_TXT_STRING) != 0 && data != NULL && *data != '\0')
        g_string_append_printf (lines, ": %s", data);
    }

  return lines->len > 0 ? g_utf8_make_valid (lines->str, (gssize) lines->len) : NULL;
}

void
cw_error_set_openssl (GError **error, CwErrorCode code, const char *format, ...)
{
  g_autofree char *details = take_openssl_errors ();
  GError *new_error;
  va_list args;

  g_return_if_fail (error == NULL || *error == NULL);
  g_return_if_fail (format != NULL);

  if (error == NULL)
    return;

  va_start (args, format);
  new_error = g_error_new_valist (CW_ERROR, code, format, args);
  va_end (args);

  cw_error_get_private (new_error)->details = g_steal_pointer (&details);
  g_propagate_error (error, new_error);
}

const char *
cw_error_get_details (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == CW_ERROR ? cw_error_get_private (error)->details : NULL;
}
