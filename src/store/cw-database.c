/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-database-private.h"
#include "cw-error.h"
#include "cw-store.h"

#define COLUMNS                                                                                    \
  "id, title, profile_id, step, request, key_fingerprint, key_imported, csr, certificate, "        \
  "issuers, created_at, requested_at, not_before, not_after, server_cas, server_cas_pem, "         \
  "verify_server, replaced_by, signer, authority_id, is_authority, address, test_verdict, "        \
  "test_severity, tested_at"

static const char load_sql[] =
    "SELECT " COLUMNS ", revoked_at FROM identity ORDER BY created_at, id";

static const char save_sql[] =
    "INSERT INTO identity (" COLUMNS ")"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
    " ?19, ?20, ?21, ?22, ?23, ?24, ?25)"
    " ON CONFLICT (id) DO UPDATE SET"
    /* Another certificate is not revoked with the one before. */
    " revoked_at = CASE WHEN certificate IS excluded.certificate THEN revoked_at ELSE 0 END,"
    " title = excluded.title, profile_id = excluded.profile_id,"
    " step = excluded.step, request = excluded.request,"
    " key_fingerprint = excluded.key_fingerprint, key_imported = excluded.key_imported,"
    " csr = excluded.csr, certificate = excluded.certificate, issuers = excluded.issuers,"
    " created_at = excluded.created_at, requested_at = excluded.requested_at,"
    " not_before = excluded.not_before, not_after = excluded.not_after,"
    " server_cas = excluded.server_cas, server_cas_pem = excluded.server_cas_pem,"
    " verify_server = excluded.verify_server, replaced_by = excluded.replaced_by,"
    " signer = excluded.signer, authority_id = excluded.authority_id,"
    " is_authority = excluded.is_authority, address = excluded.address,"
    " test_verdict = excluded.test_verdict, test_severity = excluded.test_severity,"
    " tested_at = excluded.tested_at";

/* Whether it is what @2 and @3 are for, and nobody has answered; then, whether it is a draft. */
static const char check_waiting_sql[] =
    "SELECT key_fingerprint IS ?2 AND certificate IS NULL AND replaced_by IS NULL"
    " AND (csr IS NULL OR csr IS ?3), csr IS NULL FROM identity WHERE id = ?1";

/* What an answer changes, and nothing else: another program may have changed the rest. */
static const char answer_sql[] =
    "UPDATE identity SET title = ?2, certificate = ?3, issuers = ?4, not_before = ?5,"
    " not_after = ?6, signer = ?7, authority_id = ?8, test_verdict = NULL, test_severity = 0,"
    " tested_at = 0, revoked_at = 0 WHERE id = ?1";

static const char load_issued_sql[] =
    "SELECT authority_id, certificate, issued_at, revoked_at, reason FROM issued"
    " WHERE authority_id = ?1 ORDER BY issued_at DESC, rowid DESC";

static const char issue_sql[] =
    "INSERT INTO issued (authority_id, serial, certificate, issued_at, revoked_at, reason)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/* Whichever CA that is kept here signed it: the key of the table makes one step of each. */
static const char find_issued_sql[] =
    "SELECT authority_id, certificate, issued_at, revoked_at, reason FROM issued"
    " WHERE authority_id IN (SELECT id FROM identity WHERE is_authority) AND serial = ?1";

/* The first moment and reason hold. */
static const char revoke_sql[] =
    "UPDATE issued SET"
    " reason = CASE revoked_at WHEN 0 THEN ?4 ELSE reason END,"
    " revoked_at = CASE revoked_at WHEN 0 THEN ?3 ELSE revoked_at END"
    " WHERE authority_id = ?1 AND serial = ?2 RETURNING revoked_at, reason";

static const char note_revocation_sql[] =
    "UPDATE identity SET revoked_at = ?1 WHERE certificate = ?2";

static const char number_crl_sql[] =
    "UPDATE identity SET crl_number = crl_number + 1 WHERE id = ?1 RETURNING crl_number";

static const char remove_sql[] = "DELETE FROM identity WHERE id = ?1";

static char *
column_text (CwStatement *statement, int column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  if (!text)
    return NULL;
  return g_utf8_validate (text, -1, NULL) ? g_strdup (text) : g_utf8_make_valid (text, -1);
}

static GBytes *
column_bytes (CwStatement *statement, int column)
{
  const void *data = sqlite3_column_blob (statement, column);

  return data ? g_bytes_new (data, sqlite3_column_bytes (statement, column)) : NULL;
}

static CwIdentityRow *
read_row (CwStatement *statement)
{
  CwIdentityRow *row = g_new0 (CwIdentityRow, 1);
  int i = 0;

  row->id = column_text (statement, i++);
  row->title = column_text (statement, i++);
  row->profile_id = column_text (statement, i++);
  row->step = column_text (statement, i++);
  row->request = column_text (statement, i++);
  row->key_fingerprint = column_text (statement, i++);
  row->key_imported = sqlite3_column_int (statement, i++) != 0;
  row->csr = column_bytes (statement, i++);
  row->certificate = column_text (statement, i++);
  row->issuers = column_text (statement, i++);
  row->created_at = sqlite3_column_int64 (statement, i++);
  row->requested_at = sqlite3_column_int64 (statement, i++);
  row->not_before = sqlite3_column_int64 (statement, i++);
  row->not_after = sqlite3_column_int64 (statement, i++);
  row->server_cas = sqlite3_column_int (statement, i++);
  row->server_cas_pem = column_text (statement, i++);
  row->verify_server = sqlite3_column_int (statement, i++) != 0;
  row->replaced_by = column_text (statement, i++);
  row->signer = sqlite3_column_int (statement, i++);
  row->authority_id = column_text (statement, i++);
  row->is_authority = sqlite3_column_int (statement, i++) != 0;
  row->address = column_text (statement, i++);
  row->test_verdict = column_text (statement, i++);
  row->test_severity = sqlite3_column_int (statement, i++);
  row->tested_at = sqlite3_column_int64 (statement, i++);
  row->revoked_at = sqlite3_column_int64 (statement, i++);
  return row;
}

static void
bind_text (CwStatement *statement, int i, const char *text)
{
  sqlite3_bind_text (statement, i, text, -1, SQLITE_STATIC);
}

static void
bind_bytes (CwStatement *statement, int i, GBytes *bytes)
{
  gsize length = 0;
  const void *data = bytes ? g_bytes_get_data (bytes, &length) : NULL;

  sqlite3_bind_blob64 (statement, i, data, length, SQLITE_STATIC);
}

static void
bind_row (CwStatement *statement, const CwIdentityRow *row)
{
  int i = 1;

  bind_text (statement, i++, row->id);
  bind_text (statement, i++, row->title ? row->title : "");
  bind_text (statement, i++, row->profile_id);
  bind_text (statement, i++, row->step);
  bind_text (statement, i++, row->request);
  bind_text (statement, i++, row->key_fingerprint);
  sqlite3_bind_int (statement, i++, row->key_imported);
  bind_bytes (statement, i++, row->csr);
  bind_text (statement, i++, row->certificate);
  bind_text (statement, i++, row->issuers);
  sqlite3_bind_int64 (statement, i++, row->created_at);
  sqlite3_bind_int64 (statement, i++, row->requested_at);
  sqlite3_bind_int64 (statement, i++, row->not_before);
  sqlite3_bind_int64 (statement, i++, row->not_after);
  sqlite3_bind_int (statement, i++, row->server_cas);
  bind_text (statement, i++, row->server_cas_pem);
  sqlite3_bind_int (statement, i++, row->verify_server);
  bind_text (statement, i++, row->replaced_by);
  sqlite3_bind_int (statement, i++, row->signer);
  bind_text (statement, i++, row->authority_id);
  sqlite3_bind_int (statement, i++, row->is_authority);
  bind_text (statement, i++, row->address);
  bind_text (statement, i++, row->test_verdict);
  sqlite3_bind_int (statement, i++, row->test_severity);
  sqlite3_bind_int64 (statement, i++, row->tested_at);
}

/* FALSE with @error for a certificate that is damaged; the row is freed by the caller. */
static gboolean
read_issued (CwDatabase *self, CwStatement *statement, CwIssuedRow *row, GError **error)
{
  g_autoptr (GBytes) der = column_bytes (statement, 1);

  row->authority_id = column_text (statement, 0);
  row->certificate = der ? cw_certificate_new_from_der (der, NULL) : NULL;
  row->issued_at = sqlite3_column_int64 (statement, 2);
  row->revoked_at = sqlite3_column_int64 (statement, 3);
  row->reason = sqlite3_column_int (statement, 4);
  if (row->reason < 0 || row->reason >= CW_N_REVOCATION_REASONS)
    row->reason = CW_REVOCATION_UNSPECIFIED;
  if (row->certificate)
    return TRUE;

  cw_database_set_damaged (self, error);
  return FALSE;
}

static GPtrArray *
load_issued (CwDatabase *self, const char *authority_id, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cw_issued_row_free);
  g_autoptr (CwStatement) statement = cw_database_prepare (self, load_issued_sql, error);
  int code;

  if (!statement)
    return NULL;

  bind_text (statement, 1, authority_id);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      CwIssuedRow *row = g_new0 (CwIssuedRow, 1);

      g_ptr_array_add (rows, row);
      if (!read_issued (self, statement, row, error))
        return NULL;
    }
  if (code == SQLITE_DONE)
    return g_steal_pointer (&rows);

  cw_database_set_error (self, error);
  return NULL;
}

/* %FALSE with @error for one that is damaged: it might be the one that is looked for. */
static gboolean
note_if_revoked (CwDatabase *self,
                 CwStatement *statement,
                 CwCertificate *certificate,
                 gint64 *revoked_at,
                 GError **error)
{
  g_autoptr (CwIssuedRow) row = g_new0 (CwIssuedRow, 1);

  if (!read_issued (self, statement, row, error))
    return FALSE;

  if (row->revoked_at && cw_certificate_equal (row->certificate, certificate))
    *revoked_at = row->revoked_at;
  return TRUE;
}

static void
set_authority_gone (GError **error)
{
  g_set_error_literal (error, CW_STORE_ERROR, CW_STORE_ERROR_REMOVED,
                       _ ("The CA was deleted, so that nothing can be recorded for it any more."));
}

static void
roll_back (CwDatabase *self)
{
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
}

/* One statement is one transaction, and takes the lock for writing at its start. */
static gboolean
write_once (CwDatabase *self, CwStatement *statement, GError **error)
{
  if (sqlite3_step (statement) != SQLITE_DONE)
    return cw_database_set_error (self, error);

  return TRUE;
}

static gboolean
insert_issued (CwDatabase *self, const CwIssuedRow *issued, GError **error)
{
  g_autoptr (CwStatement) statement = cw_database_prepare (self, issue_sql, error);

  if (!statement)
    return FALSE;

  bind_text (statement, 1, issued->authority_id);
  bind_text (statement, 2, cw_certificate_get_serial (issued->certificate));
  bind_bytes (statement, 3, cw_certificate_get_der (issued->certificate));
  sqlite3_bind_int64 (statement, 4, issued->issued_at);
  sqlite3_bind_int64 (statement, 5, issued->revoked_at);
  sqlite3_bind_int (statement, 6, issued->reason);
  if (sqlite3_step (statement) == SQLITE_DONE)
    return TRUE;

  if (sqlite3_extended_errcode (self->db) != SQLITE_CONSTRAINT_FOREIGNKEY)
    return cw_database_set_error (self, error);
  set_authority_gone (error);
  return FALSE;
}

static gboolean
save_row (CwDatabase *self, const CwIdentityRow *row, GError **error)
{
  g_autoptr (CwStatement) statement = cw_database_prepare (self, save_sql, error);

  if (!statement)
    return FALSE;

  bind_row (statement, row);
  return write_once (self, statement, error);
}

static gboolean
save_answer (CwDatabase *self, const CwIdentityRow *row, GError **error)
{
  g_autoptr (CwStatement) statement = cw_database_prepare (self, answer_sql, error);

  if (!statement)
    return FALSE;

  bind_text (statement, 1, row->id);
  bind_text (statement, 2, row->title);
  bind_text (statement, 3, row->certificate);
  bind_text (statement, 4, row->issuers);
  sqlite3_bind_int64 (statement, 5, row->not_before);
  sqlite3_bind_int64 (statement, 6, row->not_after);
  sqlite3_bind_int (statement, 7, row->signer);
  bind_text (statement, 8, row->authority_id);
  return write_once (self, statement, error);
}

static void
set_not_waiting (const CwIdentityRow *row, gboolean present, GError **error)
{
  if (present)
    g_set_error (error, CW_ERROR, CW_ERROR_INVALID,
                 /* Translators: %s is the name of a certificate */
                 _ ("“%s” does not wait for a certificate. Start a new request for it."),
                 row->title);
  else
    g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_REMOVED,
                 /* Translators: %s is the name of a certificate */
                 _ ("“%s” was deleted and is not saved any more."), row->title);
}

/* Within a transaction: another program may have answered or deleted it since it was loaded. */
static gboolean
answer (CwDatabase *self, const CwIdentityRow *row, GError **error)
{
  g_autoptr (CwStatement) statement = cw_database_prepare (self, check_waiting_sql, error);
  gboolean waits, draft;
  int code;

  if (!statement)
    return FALSE;

  bind_text (statement, 1, row->id);
  bind_text (statement, 2, row->key_fingerprint);
  bind_bytes (statement, 3, row->csr);
  code = sqlite3_step (statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    return cw_database_set_error (self, error);

  waits = code == SQLITE_ROW && sqlite3_column_int (statement, 0) != 0;
  draft = code == SQLITE_ROW && sqlite3_column_int (statement, 1) != 0;
  if (waits)
    return draft ? save_row (self, row, error) : save_answer (self, row, error);

  set_not_waiting (row, code == SQLITE_ROW, error);
  return FALSE;
}

/* What @statement gives of the authority's row in its only row; ends with @error if there is none.
 */
static gboolean
step_returning (CwDatabase *self, CwStatement *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return TRUE;

  if (code == SQLITE_DONE)
    set_authority_gone (error);
  else
    cw_database_set_error (self, error);
  return FALSE;
}

static gboolean
number_crl (CwDatabase *self, const char *authority_id, guint64 *number, GError **error)
{
  g_autoptr (CwStatement) statement = cw_database_prepare (self, number_crl_sql, error);

  if (!statement)
    return FALSE;

  bind_text (statement, 1, authority_id);
  if (!step_returning (self, statement, error))
    return FALSE;

  *number = (guint64) sqlite3_column_int64 (statement, 0);
  return sqlite3_step (statement) == SQLITE_DONE || cw_database_set_error (self, error);
}

/* @issued gets the moment and the reason that are stored. */
static gboolean
record_revocation (CwDatabase *self, CwIssuedRow *issued, GError **error)
{
  g_autoptr (CwStatement) statement = cw_database_prepare (self, revoke_sql, error);

  if (!statement)
    return FALSE;

  bind_text (statement, 1, issued->authority_id);
  bind_text (statement, 2, cw_certificate_get_serial (issued->certificate));
  sqlite3_bind_int64 (statement, 3, issued->revoked_at);
  sqlite3_bind_int (statement, 4, issued->reason);
  if (!step_returning (self, statement, error))
    return FALSE;

  issued->revoked_at = sqlite3_column_int64 (statement, 0);
  issued->reason = sqlite3_column_int (statement, 1);
  return sqlite3_step (statement) == SQLITE_DONE || cw_database_set_error (self, error);
}

/* With the identities that have the certificate, if there are any. */
static gboolean
note_revocation (CwDatabase *self, const CwIssuedRow *issued, GError **error)
{
  g_autofree char *pem = cw_certificate_to_pem (issued->certificate);
  g_autoptr (CwStatement) statement = cw_database_prepare (self, note_revocation_sql, error);

  if (!statement)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, issued->revoked_at);
  bind_text (statement, 2, pem);
  return write_once (self, statement, error);
}

CwDatabase *
cw_database_new (const char *path, gboolean own_folder)
{
  CwDatabase *self = g_new0 (CwDatabase, 1);

  self->path = g_strdup (path);
  self->own_folder = own_folder;
  return self;
}

void
cw_database_free (CwDatabase *self)
{
  cw_database_disconnect (self);
  g_free (self->path);
  g_free (self);
}

gboolean
cw_database_open (CwDatabase *self, GCancellable *cancellable, GError **error)
{
  return cw_database_begin_work (self, cancellable, error) && cw_database_connect (self, error);
}

GPtrArray *
cw_database_load (CwDatabase *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) cw_identity_row_free);
  g_autoptr (CwStatement) statement = NULL;
  int code;

  if (!cw_database_begin_work (self, cancellable, error))
    return NULL;
  statement = cw_database_prepare (self, load_sql, error);
  if (!statement)
    {
      cw_database_disconnect (self);
      return NULL;
    }

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (rows, read_row (statement));
  if (code == SQLITE_DONE)
    return g_steal_pointer (&rows);

  /* What could not be read is not written to either. */
  cw_database_set_error (self, error);
  cw_database_disconnect (self);
  return NULL;
}

gboolean
cw_database_save (CwDatabase *self,
                  const CwIdentityRow *row,
                  GCancellable *cancellable,
                  GError **error)
{
  return cw_database_begin_work (self, cancellable, error) &&
         cw_database_ensure_writable (self, error) && save_row (self, row, error);
}

gboolean
cw_database_remove (CwDatabase *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (CwStatement) statement = NULL;

  if (!cw_database_begin_work (self, cancellable, error) ||
      !cw_database_ensure_writable (self, error))
    return FALSE;
  statement = cw_database_prepare (self, remove_sql, error);
  if (!statement)
    return FALSE;

  bind_text (statement, 1, id);
  return write_once (self, statement, error);
}

/* What cannot be read now has not changed as far as anybody here can tell. */
gboolean
cw_database_has_changed (CwDatabase *self, GCancellable *cancellable)
{
  g_autoptr (CwStatement) statement = NULL;
  int version;

  if (!self->opened || !cw_database_begin_work (self, cancellable, NULL) ||
      (!self->db && !cw_database_connect (self, NULL)))
    return FALSE;
  statement = cw_database_prepare (self, "PRAGMA data_version", NULL);
  if (!statement || sqlite3_step (statement) != SQLITE_ROW)
    return FALSE;

  version = sqlite3_column_int (statement, 0);
  if (version == self->data_version)
    return FALSE;
  self->data_version = version;
  return TRUE;
}

/* Not a row: what is the same, SQLite does not write. The version it does. */
gboolean
cw_database_try_write (CwDatabase *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *sql = NULL;
  guint version;

  if (!cw_database_begin_work (self, cancellable, error) ||
      !cw_database_ensure_writable (self, error) ||
      !cw_database_get_version (self, &version, error))
    return FALSE;

  sql = g_strdup_printf ("PRAGMA user_version = %u", version);
  return cw_database_execute (self, sql, error);
}

GPtrArray *
cw_database_load_issued (CwDatabase *self,
                         const char *authority_id,
                         GCancellable *cancellable,
                         GError **error)
{
  if (!cw_database_begin_work (self, cancellable, error) || !cw_database_connect (self, error))
    return NULL;

  return load_issued (self, authority_id, error);
}

gboolean
cw_database_find_revocation (CwDatabase *self,
                             CwCertificate *certificate,
                             gint64 *revoked_at,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (CwStatement) statement = NULL;
  gint64 found = 0;
  int code;

  if (!cw_database_begin_work (self, cancellable, error) || !cw_database_connect (self, error))
    return FALSE;
  statement = cw_database_prepare (self, find_issued_sql, error);
  if (!statement)
    return FALSE;

  bind_text (statement, 1, cw_certificate_get_serial (certificate));
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    if (!note_if_revoked (self, statement, certificate, &found, error))
      return FALSE;
  if (code != SQLITE_DONE)
    return cw_database_set_error (self, error);

  *revoked_at = found;
  return TRUE;
}

gboolean
cw_database_issue (CwDatabase *self,
                   const CwIssuedRow *issued,
                   const CwIdentityRow *answered,
                   GCancellable *cancellable,
                   GError **error)
{
  if (!cw_database_begin_work (self, cancellable, error) ||
      !cw_database_ensure_writable (self, error) ||
      !cw_database_execute (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  if (insert_issued (self, issued, error) && (!answered || answer (self, answered, error)) &&
      cw_database_execute (self, "COMMIT", error))
    return TRUE;

  roll_back (self);
  return FALSE;
}

gboolean
cw_database_revoke (CwDatabase *self,
                    CwIssuedRow *issued,
                    GCancellable *cancellable,
                    GError **error)
{
  if (!cw_database_begin_work (self, cancellable, error) ||
      !cw_database_ensure_writable (self, error) ||
      !cw_database_execute (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  if (record_revocation (self, issued, error) && note_revocation (self, issued, error) &&
      cw_database_execute (self, "COMMIT", error))
    return TRUE;

  roll_back (self);
  return FALSE;
}

GPtrArray *
cw_database_begin_crl (CwDatabase *self,
                       const char *authority_id,
                       guint64 *number,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;

  if (!cw_database_begin_work (self, cancellable, error) ||
      !cw_database_ensure_writable (self, error) ||
      !cw_database_execute (self, "BEGIN IMMEDIATE", error))
    return NULL;

  if (number_crl (self, authority_id, number, error))
    rows = load_issued (self, authority_id, error);
  if (rows && cw_database_execute (self, "COMMIT", error))
    return g_steal_pointer (&rows);

  roll_back (self);
  return NULL;
}
