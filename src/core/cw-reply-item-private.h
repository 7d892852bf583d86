/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to cw-reply: how its items are made.
 */

#pragma once

#include "cw-reply.h"

G_BEGIN_DECLS

/**
 * CwReplyPlace:
 * @file: the name to show, copied
 * @line: from 1; 0 if the file is not text
 * @offset: in bytes
 * @remark: (nullable): as cw_reply_item_get_remark()
 *
 * Where something was found, and how.
 */
typedef struct
{
  const char *file;
  guint line;
  goffset offset;
  const char *remark;
} CwReplyPlace;

/* Each returns (transfer full). */
CwReplyItem *cw_reply_item_new_certificate (CwCertificate *certificate, const CwReplyPlace *place);
CwReplyItem *cw_reply_item_new_key (CwKey *key, const CwReplyPlace *place);
CwReplyItem *cw_reply_item_new_request (GBytes *csr, const char *title, const CwReplyPlace *place);
CwReplyItem *cw_reply_item_new_crl (CwCrl *crl, const CwReplyPlace *place);
CwReplyItem *cw_reply_item_new_other (const char *title, const CwReplyPlace *place);

/**
 * cw_reply_item_new_unreadable:
 * @error: (transfer full): why; the place is put before its sentence
 */
CwReplyItem *
cw_reply_item_new_unreadable (const char *title, const CwReplyPlace *place, GError *error);

/**
 * cw_reply_item_new_locked:
 * @key_pem: (nullable): an encrypted private key
 * @pkcs12: (nullable): or an encrypted bundle
 */
CwReplyItem *
cw_reply_item_new_locked (CwSecret *key_pem, GBytes *pkcs12, const CwReplyPlace *place);

/* Where @self was found; its texts are borrowed from it. */
CwReplyPlace cw_reply_item_get_place (CwReplyItem *self);

CwSecret *cw_reply_item_peek_key_pem (CwReplyItem *self);
GBytes *cw_reply_item_peek_pkcs12 (CwReplyItem *self);

/* What identifies it within a reply: the same content is listed once; (transfer full) (nullable).
 */
GBytes *cw_reply_item_get_content (CwReplyItem *self);

void cw_reply_item_set_role (CwReplyItem *self, CwReplyRole role);
void cw_reply_item_take_error (CwReplyItem *self, GError *error);

G_END_DECLS
