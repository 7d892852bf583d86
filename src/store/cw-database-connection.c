/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "cw-database-private.h"
#include "cw-error.h"
#include "cw-store.h"

#define BUSY_TIMEOUT (5 * G_USEC_PER_SEC)
#define BUSY_PAUSE   (20 * 1000)

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

void
cw_database_set_damaged (CwDatabase *self, GError **error)
{
  g_set_error (error, CW_STORE_ERROR, CW_STORE_ERROR_DAMAGED,
               _ ("“%s” is damaged, or is not a file of Certwright’s. It was left as it is. "
                  "Restore it from a backup, or move it away to begin with an empty list."),
               self->path);
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

gboolean
cw_database_set_error (CwDatabase *self, GError **error)
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
      cw_database_set_damaged (self, error);
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

gboolean
cw_database_execute (CwDatabase *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return cw_database_set_error (self, error);

  return TRUE;
}

CwStatement *
cw_database_prepare (CwDatabase *self, const char *sql, GError **error)
{
  CwStatement *statement = NULL;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) != SQLITE_OK)
    cw_database_set_error (self, error);
  return statement;
}

gboolean
cw_database_get_version (CwDatabase *self, guint *version, GError **error)
{
  g_autoptr (CwStatement) statement = cw_database_prepare (self, "PRAGMA user_version", error);

  if (!statement)
    return FALSE;
  if (sqlite3_step (statement) != SQLITE_ROW)
    return cw_database_set_error (self, error);

  *version = (guint) sqlite3_column_int (statement, 0);
  return TRUE;
}

static gboolean
check_version (CwDatabase *self, guint *version, GError **error)
{
  if (!cw_database_get_version (self, version, error))
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

  if (!cw_database_execute (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  /* Asked again under the lock: another program may have been quicker. */
  if (!check_version (self, &version, error))
    {
      sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
      return FALSE;
    }

  *done = version == G_N_ELEMENTS (migrations);
  if (*done)
    return cw_database_execute (self, "ROLLBACK", error);

  finish = g_strdup_printf ("PRAGMA user_version = %u; COMMIT", version + 1);
  return cw_database_execute (self, migrations[version], error) &&
         cw_database_execute (self, finish, error);
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

void
cw_database_disconnect (CwDatabase *self)
{
  sqlite3_close_v2 (self->db);
  self->db = NULL;
  self->data_version = 0; /* each connection counts for itself */
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
    return cw_database_set_error (self, error);

  sqlite3_extended_result_codes (self->db, 1);
  sqlite3_busy_handler (self->db, busy_cb, self);
  return TRUE;
}

/* The version comes first: a later version's file is not touched at all. */
static gboolean
set_up (CwDatabase *self, GError **error)
{
  guint version;

  if (!connect_file (self, error) || !cw_database_execute (self, settings_sql, error) ||
      !check_version (self, &version, error))
    return FALSE;

  make_private (self->path);
  return cw_database_execute (self, "PRAGMA journal_mode = DELETE", error) && migrate (self, error);
}

gboolean
cw_database_connect (CwDatabase *self, GError **error)
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
      cw_database_disconnect (self);
      return FALSE;
    }
  self->opened = TRUE;
  return TRUE;
}

gboolean
cw_database_ensure_writable (CwDatabase *self, GError **error)
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

  cw_database_disconnect (self);
  return cw_database_connect (self, error);
}

gboolean
cw_database_begin_work (CwDatabase *self, GCancellable *cancellable, GError **error)
{
  self->cancellable = cancellable;
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
