/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-database.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#include "cw-error.h"
#include "cw-store.h"

#define BUSY_TIMEOUT (5 * G_USEC_PER_SEC)
#define BUSY_PAUSE   (20 * 1000)

struct _CwDatabase
{
  char *path;
  gboolean own_folder;
  sqlite3 *db;
  gboolean opened; /* once; it can be opened again after that failed */

  /* Of the work being done. */
  GCancellable *cancellable;
  gint64 busy_since;
};

/*
 * The schema's history: entry n leads from version n to n + 1. An entry that
 * was released never changes.
 */
static const char *const migrations[] = {
  "CREATE TABLE identity ("
  "  id TEXT PRIMARY KEY NOT NULL,"
  "  title TEXT NOT NULL,"
  "  profile_id TEXT,"
  "  step TEXT,"
  "  request TEXT,"
  "  key_fingerprint TEXT,"
  "  key_imported INTEGER NOT NULL,"
  "  csr BLOB,"
  "  certificate TEXT,"
  "  issuers TEXT,"
  "  created_at INTEGER NOT NULL,"
  "  requested_at INTEGER NOT NULL,"
  "  not_before INTEGER NOT NULL,"
  "  not_after INTEGER NOT NULL,"
  "  server_cas INTEGER NOT NULL,"
  "  server_cas_pem TEXT,"
  "  verify_server INTEGER NOT NULL,"
  "  replaced_by TEXT"
  ");"
  "PRAGMA application_id = 0x43775331;", /* "CwS1", for file(1) */

  "ALTER TABLE identity ADD COLUMN signer INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE identity ADD COLUMN authority_id TEXT;"
  "ALTER TABLE identity ADD COLUMN is_authority INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE identity ADD COLUMN address TEXT;"
  "ALTER TABLE identity ADD COLUMN test_verdict TEXT;"
  "ALTER TABLE identity ADD COLUMN test_severity INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE identity ADD COLUMN tested_at INTEGER NOT NULL DEFAULT 0;",

  "CREATE TABLE issued ("
  "  authority_id TEXT NOT NULL REFERENCES identity (id) ON DELETE CASCADE,"
  "  serial TEXT NOT NULL,"
  "  certificate BLOB NOT NULL,"
  "  issued_at INTEGER NOT NULL,"
  "  revoked_at INTEGER NOT NULL,"
  "  reason INTEGER NOT NULL,"
  "  PRIMARY KEY (authority_id, serial)"
  ");"
  /* Not among the columns that an identity is saved with: it only ever grows. */
  "ALTER TABLE identity ADD COLUMN crl_number INTEGER NOT NULL DEFAULT 0;"
  /* Nor is this: another program may have revoked what is saved here. */
  "ALTER TABLE identity ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;",
};

/*
 * A rollback journal, not a write-ahead log: it works on every file system,
 * network homes included; at rest there is one file, so that a copy of it is a
 * whole backup; and one writer with a few rows gains nothing from the log. With
 * a journal that is deleted, only EXTRA (FULL, and the folder is synchronised
 * too) makes sure that a power cut right after a save does not bring the
 * journal, and with it the time before the save, back.
 */
static const char settings_sql[] = "PRAGMA foreign_keys = ON;"
                                   "PRAGMA trusted_schema = OFF;"
                                   "PRAGMA secure_delete = ON;"
                                   "PRAGMA synchronous = EXTRA;";

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

typedef sqlite3_stmt CwStatement;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CwStatement, sqlite3_finalize)

static void
set_read_only (const char *path, GError **error)
{
  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_READ_ONLY,
               /* Translators: %s is a file or folder */
               _ ("“%s” cannot be written. Check that the file, its folder and its disk are "
                  "not read-only and belong to you, then try again."),
               path);
}

static void
set_full (const char *path, GError **error)
{
  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FULL,
               _ ("The disk is full, so that “%s” cannot be written. Free some space, then "
                  "try again."),
               path);
}

/* SQLite keeps the system's reason to itself: a quota, most likely, or a bad disk. */
static void
set_not_written (const char *path, GError **error)
{
  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FULL,
               _ ("The disk does not take “%s”: your share of it is used up, or it is failing. "
                  "Free some space, then try again."),
               path);
}

static void
set_damaged (const char *path, GError **error)
{
  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_DAMAGED,
               _ ("“%s” is damaged, or is not a file of Certwright’s. It was left as it is. "
                  "Restore it from a backup, or move it away to begin with an empty list."),
               path);
}

static void
set_failed (const char *path, const char *reason, GError **error)
{
  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FAILED,
               /* Translators: the first %s is a file, the second the system's words */
               _ ("“%s” cannot be used: %s. Remove the cause, then try again."), path, reason);
}

static void
set_not_a_file (const char *path, gboolean folder, GError **error)
{
  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FAILED,
               folder ? _ ("“%s” is a folder where a file should be. Move it away, then try again.")
                      : _ ("“%s” is not a regular file. Move it away, then try again."),
               path);
}

static void
set_gone (const char *path, GError **error)
{
  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FAILED,
               _ ("“%s” was moved or deleted while it was in use. Put it back, or close Certwright "
                  "and open it again."),
               path);
}

static void
set_from_errno (const char *path, int code, GError **error)
{
  switch (code)
    {
    case EACCES:
    case EPERM:
    case EROFS:
      set_read_only (path, error);
      break;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      set_full (path, error);
      break;
    default:
      set_failed (path, g_strerror (code), error);
    }
}

static void
set_locked (CwDatabase *self, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return;

  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_LOCKED,
               _ ("Another program is using “%s”. Close it or wait until it has ended, then "
                  "try again."),
               self->path);
}

static void
set_from_system (CwDatabase *self, int code, GError **error)
{
  int system_code = sqlite3_system_errno (self->db);

  /* The journal could not be made; SQLite then looked for one to read, and tells of that. */
  if (system_code == ENOENT && g_file_test (self->path, G_FILE_TEST_EXISTS))
    set_read_only (self->path, error);
  else if (system_code)
    set_from_errno (self->path, system_code, error);
  else if (code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC)
    set_not_written (self->path, error);
  else
    set_failed (self->path, sqlite3_errmsg (self->db), error);
}

/* Returns: always %FALSE, and closes a transaction that failed half-way */
static gboolean
set_from_sqlite (CwDatabase *self, GError **error)
{
  int code = sqlite3_extended_errcode (self->db);

  switch (code & 0xff)
    {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      set_locked (self, error);
      break;
    case SQLITE_PERM:
    case SQLITE_READONLY:
      if (code == SQLITE_READONLY_DBMOVED)
        set_gone (self->path, error);
      else
        set_read_only (self->path, error);
      break;
    case SQLITE_FULL:
      set_full (self->path, error);
      break;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      set_damaged (self->path, error);
      break;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      set_from_system (self, code, error);
      break;
    default:
      set_failed (self->path, sqlite3_errmsg (self->db), error);
    }

  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

/* Like sqlite3_busy_timeout(), but ends at once when cancelled. */
static int
busy_cb (void *data, int count)
{
  CwDatabase *self = data;

  if (count == 0)
    self->busy_since = g_get_monotonic_time ();
  if (g_cancellable_is_cancelled (self->cancellable) ||
      g_get_monotonic_time () - self->busy_since >= BUSY_TIMEOUT)
    return 0;

  g_usleep (BUSY_PAUSE);
  return 1;
}

static gboolean
execute (CwDatabase *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return set_from_sqlite (self, error);

  return TRUE;
}

static CwStatement *
prepare (CwDatabase *self, const char *sql, GError **error)
{
  CwStatement *statement = NULL;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) != SQLITE_OK)
    set_from_sqlite (self, error);
  return statement;
}

static gboolean
get_version (CwDatabase *self, guint *version, GError **error)
{
  g_autoptr (CwStatement) statement = prepare (self, "PRAGMA user_version", error);

  if (!statement)
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return set_from_sqlite (self, error);

  *version = (guint) sqlite3_column_int (statement, 0);
  return TRUE;
}

static gboolean
check_version (CwDatabase *self, guint *version, GError **error)
{
  if (!get_version (self, version, error))
    return FALSE;
  if (*version <= G_N_ELEMENTS (migrations))
    return TRUE;

  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_NEWER,
               _ ("“%s” was written by a later version of Certwright. It was left as it is. "
                  "Update Certwright to open it."),
               self->path);
  return FALSE;
}

static gboolean
migrate_once (CwDatabase *self, gboolean *done, GError **error)
{
  g_autofree char *finish = NULL;
  guint version;

  if (!execute (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  /* Asked again under the lock: another program may have been quicker. */
  if (!check_version (self, &version, error))
    {
      sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
      return FALSE;
    }

  *done = version == G_N_ELEMENTS (migrations);
  if (*done)
    return execute (self, "ROLLBACK", error);

  finish = g_strdup_printf ("PRAGMA user_version = %u; COMMIT", version + 1);
  return execute (self, migrations[version], error) && execute (self, finish, error);
}

static gboolean
migrate (CwDatabase *self, GError **error)
{
  guint version;
  gboolean done;

  if (!check_version (self, &version, error))
    return FALSE;

  done = version == G_N_ELEMENTS (migrations);
  while (!done)
    if (!migrate_once (self, &done, error))
      return FALSE;
  return TRUE;
}

static void
make_private (const char *path)
{
  GStatBuf info;

  /* Takes from others what they have; gives the owner nothing back. */
  if (g_stat (path, &info) == 0 && (info.st_mode & 0077))
    g_chmod (path, info.st_mode & 0700);
}

static gboolean
make_folder (CwDatabase *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return TRUE;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      set_from_errno (folder, errno, error);
      return FALSE;
    }
  g_chmod (folder, 0700);
  return TRUE;
}

/* SQLite would make the file with the umask's mode, and the journal after it. */
static gboolean
make_file (CwDatabase *self, GError **error)
{
  int fd = g_open (self->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);

  if (fd < 0)
    {
      set_from_errno (self->path, errno, error);
      return FALSE;
    }

  fchmod (fd, 0600);
  return g_close (fd, error);
}

static gboolean
check_file (CwDatabase *self, GError **error)
{
  GStatBuf info;

  if (g_stat (self->path, &info) != 0)
    {
      if (errno == ENOENT)
        return make_file (self, error);
      set_from_errno (self->path, errno, error);
      return FALSE;
    }
  if (S_ISREG (info.st_mode))
    return TRUE;

  set_not_a_file (self->path, S_ISDIR (info.st_mode), error);
  return FALSE;
}

static void
close_connection (CwDatabase *self)
{
  sqlite3_close_v2 (self->db);
  self->db = NULL;
}

static gboolean
connect_file (CwDatabase *self, GError **error)
{
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  int code = sqlite3_open_v2 (self->path, &self->db, flags, NULL);

  if (!self->db)
    {
      set_failed (self->path, sqlite3_errstr (code), error);
      return FALSE;
    }
  if (code != SQLITE_OK)
    return set_from_sqlite (self, error);

  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_handler (self->db, busy_cb, self);
  return TRUE;
}

/* The version comes first: a later version's file is not touched at all. */
static gboolean
set_up (CwDatabase *self, GError **error)
{
  guint version;

  if (!connect_file (self, error) || !execute (self, settings_sql, error) ||
      !check_version (self, &version, error))
    return FALSE;

  make_private (self->path);
  return execute (self, "PRAGMA journal_mode = DELETE", error) && migrate (self, error);
}

static gboolean
open_database (CwDatabase *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  if (self->db)
    return TRUE;

  if (!make_folder (self, error))
    return FALSE;
  if (self->own_folder)
    make_private (folder);
  if (!check_file (self, error))
    return FALSE;

  if (!set_up (self, error))
    {
      close_connection (self);
      return FALSE;
    }
  self->opened = TRUE;
  return TRUE;
}

/* A file that could only be read when it was opened may have become writable. */
static gboolean
ensure_writable (CwDatabase *self, GError **error)
{
  if (!self->db && !self->opened)
    {
      g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_FAILED,
                   _ ("“%s” has not been opened, so that nothing can be saved. Open it first."),
                   self->path);
      return FALSE;
    }
  if (self->db && !sqlite3_db_readonly (self->db, "main"))
    return TRUE;

  close_connection (self);
  return open_database (self, error);
}

static gboolean
begin_work (CwDatabase *self, GCancellable *cancellable, GError **error)
{
  self->cancellable = cancellable;
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

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

  set_damaged (self->path, error);
  return FALSE;
}

static GPtrArray *
load_issued (CwDatabase *self, const char *authority_id, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) cw_issued_row_free);
  g_autoptr (CwStatement) statement = prepare (self, load_issued_sql, error);
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

  set_from_sqlite (self, error);
  return NULL;
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
    return set_from_sqlite (self, error);

  return TRUE;
}

static gboolean
insert_issued (CwDatabase *self, const CwIssuedRow *issued, GError **error)
{
  g_autoptr (CwStatement) statement = prepare (self, issue_sql, error);

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
    return set_from_sqlite (self, error);
  set_authority_gone (error);
  return FALSE;
}

static gboolean
save_row (CwDatabase *self, const CwIdentityRow *row, GError **error)
{
  g_autoptr (CwStatement) statement = prepare (self, save_sql, error);

  if (!statement)
    return FALSE;

  bind_row (statement, row);
  return write_once (self, statement, error);
}

static gboolean
save_answer (CwDatabase *self, const CwIdentityRow *row, GError **error)
{
  g_autoptr (CwStatement) statement = prepare (self, answer_sql, error);

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
  g_autoptr (CwStatement) statement = prepare (self, check_waiting_sql, error);
  gboolean waits, draft;
  int code;

  if (!statement)
    return FALSE;

  bind_text (statement, 1, row->id);
  bind_text (statement, 2, row->key_fingerprint);
  bind_bytes (statement, 3, row->csr);
  code = sqlite3_step (statement);
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    return set_from_sqlite (self, error);

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
    set_from_sqlite (self, error);
  return FALSE;
}

static gboolean
number_crl (CwDatabase *self, const char *authority_id, guint64 *number, GError **error)
{
  g_autoptr (CwStatement) statement = prepare (self, number_crl_sql, error);

  if (!statement)
    return FALSE;

  bind_text (statement, 1, authority_id);
  if (!step_returning (self, statement, error))
    return FALSE;

  *number = (guint64) sqlite3_column_int64 (statement, 0);
  return sqlite3_step (statement) == SQLITE_DONE || set_from_sqlite (self, error);
}

/* @issued gets the moment and the reason that are stored. */
static gboolean
record_revocation (CwDatabase *self, CwIssuedRow *issued, GError **error)
{
  g_autoptr (CwStatement) statement = prepare (self, revoke_sql, error);

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
  return sqlite3_step (statement) == SQLITE_DONE || set_from_sqlite (self, error);
}

/* With the identities that have the certificate, if there are any. */
static gboolean
note_revocation (CwDatabase *self, const CwIssuedRow *issued, GError **error)
{
  g_autofree char *pem = cw_certificate_to_pem (issued->certificate);
  g_autoptr (CwStatement) statement = prepare (self, note_revocation_sql, error);

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
  close_connection (self);
  g_free (self->path);
  g_free (self);
}

gboolean
cw_database_open (CwDatabase *self, GCancellable *cancellable, GError **error)
{
  return begin_work (self, cancellable, error) && open_database (self, error);
}

GPtrArray *
cw_database_load (CwDatabase *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) cw_identity_row_free);
  g_autoptr (CwStatement) statement = NULL;
  int code;

  if (!begin_work (self, cancellable, error))
    return NULL;
  statement = prepare (self, load_sql, error);
  if (!statement)
    {
      close_connection (self);
      return NULL;
    }

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (rows, read_row (statement));
  if (code == SQLITE_DONE)
    return g_steal_pointer (&rows);

  /* What could not be read is not written to either. */
  set_from_sqlite (self, error);
  close_connection (self);
  return NULL;
}

gboolean
cw_database_save (CwDatabase *self,
                  const CwIdentityRow *row,
                  GCancellable *cancellable,
                  GError **error)
{
  return begin_work (self, cancellable, error) && ensure_writable (self, error) &&
         save_row (self, row, error);
}

gboolean
cw_database_remove (CwDatabase *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autoptr (CwStatement) statement = NULL;

  if (!begin_work (self, cancellable, error) || !ensure_writable (self, error))
    return FALSE;
  statement = prepare (self, remove_sql, error);
  if (!statement)
    return FALSE;

  bind_text (statement, 1, id);
  return write_once (self, statement, error);
}

/* Not a row: what is the same, SQLite does not write. The version it does. */
gboolean
cw_database_try_write (CwDatabase *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *sql = NULL;
  guint version;

  if (!begin_work (self, cancellable, error) || !ensure_writable (self, error) ||
      !get_version (self, &version, error))
    return FALSE;

  sql = g_strdup_printf ("PRAGMA user_version = %u", version);
  return execute (self, sql, error);
}

GPtrArray *
cw_database_load_issued (CwDatabase *self,
                         const char *authority_id,
                         GCancellable *cancellable,
                         GError **error)
{
  if (!begin_work (self, cancellable, error) || !open_database (self, error))
    return NULL;

  return load_issued (self, authority_id, error);
}

gboolean
cw_database_issue (CwDatabase *self,
                   const CwIssuedRow *issued,
                   const CwIdentityRow *answered,
                   GCancellable *cancellable,
                   GError **error)
{
  if (!begin_work (self, cancellable, error) || !ensure_writable (self, error) ||
      !execute (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  if (insert_issued (self, issued, error) && (!answered || answer (self, answered, error)) &&
      execute (self, "COMMIT", error))
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
  if (!begin_work (self, cancellable, error) || !ensure_writable (self, error) ||
      !execute (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  if (record_revocation (self, issued, error) && note_revocation (self, issued, error) &&
      execute (self, "COMMIT", error))
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

  if (!begin_work (self, cancellable, error) || !ensure_writable (self, error) ||
      !execute (self, "BEGIN IMMEDIATE", error))
    return NULL;

  if (number_crl (self, authority_id, number, error))
    rows = load_issued (self, authority_id, error);
  if (rows && execute (self, "COMMIT", error))
    return g_steal_pointer (&rows);

  roll_back (self);
  return NULL;
}
