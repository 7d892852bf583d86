/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "cw-certificate.h"
#include "cw-crl.h"
#include "cw-key.h"

G_BEGIN_DECLS

/**
 * CwReplyKind:
 *
 * What an item of a reply is. %CW_REPLY_KIND_CRL is a revocation list;
 * %CW_REPLY_KIND_LOCKED is encrypted and waits for its passphrase;
 * %CW_REPLY_KIND_OTHER is recognised and of no use here (a public key,
 * parameters); %CW_REPLY_KIND_UNREADABLE could not be read.
 */
typedef enum
{
  CW_REPLY_KIND_CERTIFICATE,
  CW_REPLY_KIND_KEY,
  CW_REPLY_KIND_REQUEST,
  CW_REPLY_KIND_CRL,
  CW_REPLY_KIND_LOCKED,
  CW_REPLY_KIND_OTHER,
  CW_REPLY_KIND_UNREADABLE,
} CwReplyKind;

/**
 * CwReplyRole:
 *
 * Which part an item plays, once it is known whose the keys are: see
 * cw_reply_assign_roles().
 */
typedef enum
{
  CW_REPLY_ROLE_UNKNOWN,
  CW_REPLY_ROLE_YOURS,
  CW_REPLY_ROLE_INTERMEDIATE,
  CW_REPLY_ROLE_ROOT,
  CW_REPLY_ROLE_NOT_RELATED,
} CwReplyRole;

/**
 * cw_reply_role_get_text:
 * @any_yours: whether there is a certificate or a request that others can be
 *   related to
 *
 * Returns: what a certificate of that role is called: "Your certificate"
 */
const char *cw_reply_role_get_text (CwReplyRole role, gboolean any_yours);

/**
 * CwReplyItem:
 *
 * One thing that was found in a reply.
 */
#define CW_TYPE_REPLY_ITEM (cw_reply_item_get_type ())
G_DECLARE_FINAL_TYPE (CwReplyItem, cw_reply_item, CW, REPLY_ITEM, GObject)

CwReplyKind cw_reply_item_get_kind (CwReplyItem *self);
CwReplyRole cw_reply_item_get_role (CwReplyItem *self);
CwCertificate *cw_reply_item_get_certificate (CwReplyItem *self); /* (transfer none) (nullable) */
CwKey *cw_reply_item_get_key (CwReplyItem *self);                 /* (transfer none) (nullable) */
GBytes *cw_reply_item_get_request (CwReplyItem *self); /* (transfer none) (nullable), DER */
CwCrl *cw_reply_item_get_crl (CwReplyItem *self);      /* (transfer none) (nullable) */

/**
 * cw_reply_item_get_title:
 *
 * Returns: (transfer none): what it is, for a person: the certificate's title,
 *   "Private key, RSA 3072", "Certificate revocation list", …
 */
const char *cw_reply_item_get_title (CwReplyItem *self);

/**
 * cw_reply_item_get_source:
 *
 * Returns: (transfer none): where it was found: "client.p7b", "chain.pem, line 31",
 *   "Pasted text, line 4"
 */
const char *cw_reply_item_get_source (CwReplyItem *self);

/**
 * cw_reply_item_get_file:
 *
 * Returns: (transfer none): the name of what it was found in, without the place
 *   within: "client.p7b", "reply.zip/chain.pem", "Pasted text"
 */
const char *cw_reply_item_get_file (CwReplyItem *self);

/**
 * cw_reply_item_get_line:
 *
 * Returns: the line that it begins in, from 1; 0 if the file is not text
 */
guint cw_reply_item_get_line (CwReplyItem *self);

/**
 * cw_reply_item_get_offset:
 *
 * Returns: the byte of the file that it begins at; what lies within a container
 *   (PKCS#7, PKCS#12) has the container's
 */
goffset cw_reply_item_get_offset (CwReplyItem *self);

/**
 * cw_reply_item_get_remark:
 *
 * Returns: (transfer none) (nullable): a sentence on how it was read, where that
 *   is worth knowing: that its file uses an old cipher, or has no check value
 */
const char *cw_reply_item_get_remark (CwReplyItem *self);

/**
 * cw_reply_item_get_error:
 *
 * Returns: (transfer none) (nullable): why it is unreadable or still locked
 */
const GError *cw_reply_item_get_error (CwReplyItem *self);

/**
 * CwReply:
 *
 * Whatever a person brought, taken apart by its content, never by its name: a
 * list model of #CwReplyItem in the order in which they were found; the same
 * certificate, key or request is listed once.
 */
#define CW_TYPE_REPLY (cw_reply_get_type ())
G_DECLARE_FINAL_TYPE (CwReply, cw_reply, CW, REPLY, GObject)

/** CW_REPLY_MAX_SIZE: the largest file that is read, in bytes */
#define CW_REPLY_MAX_SIZE (128 * 1024 * 1024)

CwReply *cw_reply_new (void);

/**
 * cw_reply_add_bytes:
 * @bytes: PEM with anything around it, DER, base64 of DER, PKCS#7 (RFC 2315),
 *   PKCS#12 (RFC 7292), or an archive (ZIP, tar, compressed) of those
 * @name: what to call their source
 *
 * Takes @bytes apart, by what is in them alone. What cannot be read becomes an item that says so;
 * if there is nothing at all to be found, that too is an item, so that nothing a person brings
 * passes without a word.
 */
void cw_reply_add_bytes (CwReply *self, GBytes *bytes, const char *name);

/**
 * cw_reply_add_file:
 * @cancellable: (nullable): looked at between blocks
 *
 * Reads @file, which blocks, and adds its bytes; its display name is the
 * source. Of a folder, adds the files in it and below. A FIFO, device, or
 * something larger than %CW_REPLY_MAX_SIZE, unreadable, vanished or empty
 * becomes an item that says so. A FIFO is never opened.
 */
void cw_reply_add_file (CwReply *self, GFile *file, GCancellable *cancellable);

/**
 * cw_reply_add_fd:
 * @fd: an open descriptor, as of standard input; it stays open
 * @name: what to call the source
 * @cancellable: (nullable): looked at between blocks
 *
 * Reads @fd to its end, which blocks, and adds what came.
 */
void cw_reply_add_fd (CwReply *self, int fd, const char *name, GCancellable *cancellable);

/**
 * cw_reply_needs_passphrase:
 *
 * Whether any item is %CW_REPLY_KIND_LOCKED.
 */
gboolean cw_reply_needs_passphrase (CwReply *self);

/**
 * cw_reply_unlock:
 * @passphrase: tried on each locked item
 * @cancellable: (nullable): looked at between items
 * @error: of the first item that does not open: %CW_ERROR_PASSPHRASE_WRONG, or
 *   why no passphrase will do; the item is then unreadable, and no longer locked
 *
 * Replaces the locked items that open by what is in them. What is added later
 * is tried with the same passphrase, so that it has to be asked for once. May
 * take seconds (key derivation): call it in a thread.
 *
 * Returns: %TRUE if every locked item has opened
 */
gboolean
cw_reply_unlock (CwReply *self, CwSecret *passphrase, GCancellable *cancellable, GError **error);

/**
 * cw_reply_assign_roles:
 * @key_fingerprints: (nullable): %NULL-terminated, of the keys that are ours
 *   (those that wait for a certificate); keys in the reply itself are counted too
 *
 * Gives every certificate its role: yours by its public key, then
 * intermediates and roots of your chain by signature; the rest is not related.
 *
 * Returns: (transfer full) (element-type CwCertificate): the certificates that
 *   are yours, in the order of the reply
 */
GPtrArray *cw_reply_assign_roles (CwReply *self, const char *const *key_fingerprints);

/**
 * cw_reply_choose_leaf:
 * @yours: (element-type CwCertificate): as cw_reply_assign_roles() gave them
 * @wanted: (nullable): the fingerprint of the key that is asked about
 * @key_fingerprints: (nullable): as for cw_reply_assign_roles()
 *
 * Of several certificates that are yours: the one for @wanted, or else one that
 * is no CA's, for another of @key_fingerprints before one for a key of the reply
 * itself, or else a CA's; of two for one key, the newer.
 *
 * Returns: (transfer none) (nullable): one of @yours; %NULL if there is none
 */
CwCertificate *
cw_reply_choose_leaf (GPtrArray *yours, const char *wanted, const char *const *key_fingerprints);

/**
 * cw_reply_get_certificates:
 *
 * Returns: (transfer full) (element-type CwCertificate): every certificate in it
 */
GPtrArray *cw_reply_get_certificates (CwReply *self);

/**
 * cw_reply_get_requests:
 *
 * Returns: (transfer full) (element-type GBytes): every certificate request in it, DER
 */
GPtrArray *cw_reply_get_requests (CwReply *self);

/**
 * cw_reply_find_key:
 *
 * Returns: (transfer none) (nullable): the private key in it with that fingerprint
 */
CwKey *cw_reply_find_key (CwReply *self, const char *key_fingerprint);

/**
 * cw_reply_find_any_key:
 *
 * Returns: (transfer none) (nullable): the first private key in it
 */
CwKey *cw_reply_find_any_key (CwReply *self);

/**
 * cw_reply_find_request:
 *
 * Returns: (transfer none) (nullable): the request in it for the key with that
 *   fingerprint, DER
 */
GBytes *cw_reply_find_request (CwReply *self, const char *key_fingerprint);

/**
 * cw_reply_explain_request:
 * @key_fingerprints: (array zero-terminated=1): of the keys that are the person's own
 *
 * Returns: (transfer none) (nullable): if there is the request for one of these
 *   keys in it, that a CA sends back something else
 */
const char *cw_reply_explain_request (CwReply *self, const char *const *key_fingerprints);

G_END_DECLS
