/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stands in for gcr-prompter, the window in which GNOME's keyring asks for a
 * password: it takes the same name on the private bus, speaks the same
 * protocol (org.gnome.keyring.internal.Prompter, with gcr's "sx-aes-1" exchange
 * of secrets), and answers as a person would, without a display.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  KEYRING_PROMPTER_DISMISS, /* closes the question */
  KEYRING_PROMPTER_ANSWER,  /* types the password */
  KEYRING_PROMPTER_WAIT,    /* leaves the question open, until told otherwise */
} KeyringPrompterMode;

typedef struct _KeyringPrompter KeyringPrompter;

KeyringPrompter *keyring_prompter_new (KeyringPrompterMode mode, const char *password);
void keyring_prompter_free (KeyringPrompter *self);

/* How often it was asked. */
guint keyring_prompter_get_n_asked (KeyringPrompter *self);

/* Answers the question that is open, and those to come. */
void keyring_prompter_set_mode (KeyringPrompter *self, KeyringPrompterMode mode);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KeyringPrompter, keyring_prompter_free)

G_END_DECLS
