/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to cw-reply: how its items are made.
 */

#pragma once

#include "cw-reply.h"

G_BEGIN_DECLS

/* Each returns (transfer full); @source is where it was found. */
CwReplyItem *cw_reply_item_new_certificate (CwCertificate *certificate, const char *source);
CwReplyItem *cw_reply_item_new_key (CwKey *key, const char *source);
CwReplyItem *cw_reply_item_new_request (GBytes *csr, const char *title, const char *source);
CwReplyItem *cw_reply_item_new_other (const char *title, const char *source);

/**
 * cw_reply_item_new_unreadable:
 * @error: (transfer full): why; the source is put before its sentence
 */
CwReplyItem *cw_reply_item_new_unreadable (const char *title, const char *source, GError *error);

/**
 * cw_reply_item_new_locked:
 * @key_pem: (nullable): an encrypted private key
 * @pkcs12: (nullable): or an encrypted bundle
 */
CwReplyItem *cw_reply_item_new_locked (CwSecret *key_pem, GBytes *pkcs12, const char *source);

CwSecret *cw_reply_item_peek_key_pem (CwReplyItem *self);
GBytes *cw_reply_item_peek_pkcs12 (CwReplyItem *self);

/* What identifies its content within a reply; (transfer full) (nullable). */
char *cw_reply_item_get_digest (CwReplyItem *self);

void cw_reply_item_set_role (CwReplyItem *self, CwReplyRole role);
void cw_reply_item_take_error (CwReplyItem *self, GError *error);

G_END_DECLS
