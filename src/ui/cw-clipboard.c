/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-clipboard.h"

/* There is one clipboard, and one secret of ours on it at most. */
static GdkClipboard *clipboard;
static GdkContentProvider *content;
static guint timeout;

static gboolean
timeout_cb (gpointer user_data)
{
  timeout = 0;
  cw_clipboard_forget ();

  return G_SOURCE_REMOVE;
}

void
cw_clipboard_copy_secret (GtkWidget *widget, CwSecret *secret)
{
  g_autoptr (GBytes) bytes = NULL;
  GdkContentProvider *parts[2];

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (secret != NULL);

  g_clear_handle_id (&timeout, g_source_remove);
  g_clear_object (&content);

  bytes = cw_secret_to_bytes (secret);
  parts[0] = gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", bytes);
  parts[1] = gdk_content_provider_new_for_bytes ("text/plain", bytes);
  content = gdk_content_provider_new_union (parts, G_N_ELEMENTS (parts));
  g_set_object (&clipboard, gtk_widget_get_clipboard (widget));
  gdk_clipboard_set_content (clipboard, content);
  timeout = g_timeout_add_seconds (CW_CLIPBOARD_SECONDS, timeout_cb, NULL);
}

void
cw_clipboard_forget (void)
{
  g_clear_handle_id (&timeout, g_source_remove);

  if (clipboard && gdk_clipboard_get_content (clipboard) == content)
    gdk_clipboard_set_text (clipboard, "");

  g_clear_object (&content);
  g_clear_object (&clipboard);
}
