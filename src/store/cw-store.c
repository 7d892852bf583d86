/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-store.h"

#include <glib/gi18n-lib.h>

#include "cw-database.h"
#include "cw-store-private.h"

/* Changes on their way to the database; counted, since several jobs look at them. */
typedef struct
{
  CwIdentityRow *row;
  gboolean saved; /* belongs to the worker */
} Changes;

/*
 * A call on its way through the worker and back. The worker only touches what
 * is marked: GObjects are given up in the main thread alone.
 */
typedef struct _Job Job;

struct _Job
{
  GTask *task;
  GMainContext *context;
  void (*done) (Job *job); /* in the main thread */

  CwIdentity *identity;
  guint n_changes; /* of the identity, in what is saved */
  gboolean listed;
  gboolean behind;
  CwIssued *revoked;

  /* The worker's. */
  gboolean (*run) (Job *job);
  CwDatabase *database;
  GCancellable *cancellable;
  char *id;
  CwIdentityRow *row;
  GPtrArray *earlier; /* (element-type Changes): of jobs before this one */
  Changes *changes;
  GPtrArray *rows;
  CwIssuedRow *issued;
  char *authority_id;
  GPtrArray *issued_rows;
  guint64 crl_number;
  CwCertificate *certificate; /* immutable */
  gint64 revoked_at;
  GError *error;
};

struct _CwStore
{
  GObject parent_instance;

  char *path;
  GPtrArray *identities;
  GHashTable *by_id;
  GHashTable *changing; /* id → GPtrArray of Changes that are not saved yet */
  GHashTable *removed;  /* ids: what was deleted is not saved again */
  GHashTable *issued;   /* a CA's id → GListStore of CwIssued, once they were loaded */
  gboolean loaded;
  gboolean behind; /* what another program wrote was seen, and is not all here yet */

  GThreadPool *worker;
  CwDatabase *database; /* the worker's */
};

static void cw_store_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CwStore,
                               cw_store,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, cw_store_list_model_init))

G_DEFINE_QUARK (cw - store - error - quark, cw_store_error)

static void
changes_clear (gpointer data)
{
  Changes *changes = data;

  cw_identity_row_free (changes->row);
}

static void
changes_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, changes_clear);
}

static gpointer
changes_ref (gconstpointer data, gpointer user_data)
{
  return g_atomic_rc_box_acquire ((gpointer) data);
}

static Changes *
changes_new (CwIdentityRow *row)
{
  Changes *changes = g_atomic_rc_box_new0 (Changes);

  changes->row = row;
  return changes;
}

static void
job_free (Job *job)
{
  g_clear_object (&job->task);
  g_clear_pointer (&job->context, g_main_context_unref);
  g_clear_object (&job->identity);
  g_clear_object (&job->cancellable);
  g_clear_pointer (&job->id, g_free);
  g_clear_pointer (&job->row, cw_identity_row_free);
  g_clear_pointer (&job->earlier, g_ptr_array_unref);
  g_clear_pointer (&job->changes, changes_unref);
  g_clear_pointer (&job->rows, g_ptr_array_unref);
  g_clear_object (&job->revoked);
  g_clear_pointer (&job->issued, cw_issued_row_free);
  g_clear_pointer (&job->authority_id, g_free);
  g_clear_pointer (&job->issued_rows, g_ptr_array_unref);
  g_clear_object (&job->certificate);
  g_clear_error (&job->error);
  g_free (job);
}

static gboolean
job_done_cb (gpointer data)
{
  Job *job = data;

  job->done (job);
  if (job->error)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else
    g_task_return_boolean (job->task, TRUE);
  job_free (job);
  return G_SOURCE_REMOVE;
}

/* Not g_main_context_invoke(): that would run here if nobody runs the context. */
static void
job_run_cb (gpointer data, gpointer user_data)
{
  Job *job = data;
  g_autoptr (GMainContext) context = g_main_context_ref (job->context);
  g_autoptr (GSource) source = g_idle_source_new ();

  job->run (job);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, job_done_cb, job, NULL);
  g_source_attach (source, context);
}

static Job *
job_new (CwStore *self,
         CwIdentity *identity,
         GCancellable *cancellable,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
  Job *job = g_new0 (Job, 1);

  job->task = g_task_new (self, cancellable, callback, user_data);
  /* What was written was written: a cancel that comes too late changes nothing. */
  g_task_set_check_cancellable (job->task, FALSE);
  job->context = g_main_context_ref_thread_default ();
  job->database = self->database;
  if (cancellable)
    job->cancellable = g_object_ref (cancellable);
  if (identity)
    {
      job->identity = g_object_ref (identity);
      job->id = g_strdup (cw_identity_get_id (identity));
    }
  return job;
}

static void
push (CwStore *self, Job *job, gboolean (*run) (Job *job), void (*done) (Job *job))
{
  job->run = run;
  job->done = done;
  g_thread_pool_push (self->worker, job, NULL);
}

static gboolean
run_open (Job *job)
{
  if (!cw_database_open (job->database, job->cancellable, &job->error))
    return FALSE;

  job->rows = cw_database_load (job->database, job->cancellable, &job->error);
  return job->rows != NULL;
}

/* With what was saved meanwhile, and with its own changes. */
static void
merge_changes (Job *job)
{
  for (guint i = 0; i < job->earlier->len; i++)
    {
      Changes *earlier = g_ptr_array_index (job->earlier, i);

      if (earlier->saved)
        cw_identity_row_merge (job->row, earlier->row);
    }
  if (job->changes)
    cw_identity_row_merge (job->row, job->changes->row);
}

static gboolean
run_save (Job *job)
{
  merge_changes (job);
  if (!cw_database_save (job->database, job->row, job->cancellable, &job->error))
    return FALSE;

  if (job->changes)
    job->changes->saved = TRUE;
  return TRUE;
}

static gboolean
run_issue (Job *job)
{
  if (job->row)
    merge_changes (job);
  if (!cw_database_issue (job->database, job->issued, job->row, job->cancellable, &job->error))
    return FALSE;

  if (job->changes)
    job->changes->saved = TRUE;
  return TRUE;
}

static gboolean
run_load_issued (Job *job)
{
  job->issued_rows =
      cw_database_load_issued (job->database, job->authority_id, job->cancellable, &job->error);
  return job->issued_rows != NULL;
}

static gboolean
run_find_revocation (Job *job)
{
  return cw_database_find_revocation (job->database, job->certificate, &job->revoked_at,
                                      job->cancellable, &job->error);
}

static gboolean
run_revoke (Job *job)
{
  return cw_database_revoke (job->database, job->issued, job->cancellable, &job->error);
}

static gboolean
run_begin_crl (Job *job)
{
  job->issued_rows = cw_database_begin_crl (job->database, job->authority_id, &job->crl_number,
                                            job->cancellable, &job->error);
  return job->issued_rows != NULL;
}

static gboolean
run_remove (Job *job)
{
  return cw_database_remove (job->database, job->id, job->cancellable, &job->error);
}

/* No rows: nothing has changed. A change is told once, whether or not it could be read then. */
static gboolean
run_refresh (Job *job)
{
  if (!cw_database_has_changed (job->database, job->cancellable) && !job->behind)
    return TRUE;

  job->rows = cw_database_load (job->database, job->cancellable, &job->error);
  return job->rows != NULL;
}

static gboolean
run_try_write (Job *job)
{
  return cw_database_try_write (job->database, job->cancellable, &job->error);
}

static void
try_write_done (Job *job)
{
}

static void
append (CwStore *self, CwIdentity *identity)
{
  g_ptr_array_add (self->identities, g_object_ref (identity));
  g_hash_table_insert (self->by_id, (gpointer) cw_identity_get_id (identity), identity);
}

static void
open_done (Job *job)
{
  CwStore *self = g_task_get_source_object (job->task);

  if (!job->rows || self->loaded)
    return;

  self->loaded = TRUE;
  g_ptr_array_set_free_func (job->rows, NULL);
  for (guint i = 0; i < job->rows->len; i++)
    {
      g_autoptr (CwIdentity) identity = NULL;

      identity = cw_identity_new_for_row (g_ptr_array_index (job->rows, i));
      append (self, identity);
    }
  if (job->rows->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, job->rows->len);
}

static void
forget_changes (CwStore *self, const char *id, Changes *changes)
{
  GPtrArray *changing = g_hash_table_lookup (self->changing, id);

  g_ptr_array_remove (changing, changes);
  if (changing->len == 0)
    g_hash_table_remove (self->changing, id);
}

static void
save_done (Job *job)
{
  CwStore *self = g_task_get_source_object (job->task);

  if (job->changes)
    {
      forget_changes (self, job->id, job->changes);
      if (!job->error)
        cw_identity_apply (job->identity, job->changes->row);
    }
  if (!job->error)
    cw_identity_note_saved (job->identity, job->n_changes);
  if (job->error || !job->listed || g_hash_table_contains (self->by_id, job->id) ||
      g_hash_table_contains (self->removed, job->id))
    return;

  append (self, job->identity);
  g_list_model_items_changed (G_LIST_MODEL (self), self->identities->len - 1, 0, 1);
}

static CwIssued *
find_issued (GListModel *list, CwCertificate *certificate)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (CwIssued) issued = g_list_model_get_item (list, i);

      if (cw_certificate_equal (cw_issued_get_certificate (issued), certificate))
        return issued; /* the list keeps it */
    }
  return NULL;
}

/* The list as the rows have it, the latest first; objects that are known stay the same. */
static void
update_issued (GListStore *list, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const CwIssuedRow *row = g_ptr_array_index (rows, i);
      g_autoptr (CwIssued) there = g_list_model_get_item (G_LIST_MODEL (list), i);
      g_autoptr (CwIssued) issued = NULL;

      if (there && cw_certificate_equal (cw_issued_get_certificate (there), row->certificate))
        {
          cw_issued_apply (there, row);
          continue;
        }
      issued = cw_issued_new_for_row (row);
      g_list_store_insert (list, i, issued);
    }
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) > rows->len)
    g_list_store_remove (list, rows->len);
}

static void
issue_done (Job *job)
{
  CwStore *self = g_task_get_source_object (job->task);
  GListStore *list = g_hash_table_lookup (self->issued, job->issued->authority_id);

  if (job->identity)
    save_done (job);
  if (job->error || !list || find_issued (G_LIST_MODEL (list), job->issued->certificate))
    return;

  g_autoptr (CwIssued) issued = cw_issued_new_for_row (job->issued);
  g_list_store_insert (list, 0, issued);
}

/* Another program may have signed or revoked in the meantime; what is known stays what it is. */
static void
load_issued_done (Job *job)
{
  CwStore *self = g_task_get_source_object (job->task);
  GListStore *list = g_hash_table_lookup (self->issued, job->authority_id);

  /* A list that is shown stays as it was. */
  self->behind = self->behind || (job->error && list);
  if (job->error)
    return;
  if (!list)
    {
      list = g_list_store_new (CW_TYPE_ISSUED);
      g_hash_table_insert (self->issued, g_strdup (job->authority_id), list);
    }
  update_issued (list, job->issued_rows);
  /* Its CA may be gone by the time that somebody takes it. */
  g_task_set_task_data (job->task, g_object_ref (list), g_object_unref);
}

static void
find_revocation_done (Job *job)
{
  if (job->revoked_at)
    g_task_set_task_data (job->task, g_date_time_new_from_unix_utc (job->revoked_at),
                          (GDestroyNotify) g_date_time_unref);
}

static void
note_revocation (CwStore *self, const CwIssuedRow *issued)
{
  g_autofree char *pem = cw_certificate_to_pem (issued->certificate);

  for (guint i = 0; i < self->identities->len; i++)
    cw_identity_note_revocation (self->identities->pdata[i], pem, issued->revoked_at);
}

static void
revoke_done (Job *job)
{
  CwStore *self = g_task_get_source_object (job->task);
  GListStore *list = g_hash_table_lookup (self->issued, job->issued->authority_id);
  CwIssued *listed;

  if (job->error)
    return;

  cw_issued_apply (job->revoked, job->issued);
  listed = list ? find_issued (G_LIST_MODEL (list), job->issued->certificate) : NULL;
  if (listed)
    cw_issued_apply (listed, job->issued);
  note_revocation (self, job->issued);
}

/* What cw_store_begin_crl_finish() gives. */
typedef struct
{
  GPtrArray *rows;
  guint64 number;
} Crl;

static void
crl_free (gpointer data)
{
  Crl *crl = data;

  g_clear_pointer (&crl->rows, g_ptr_array_unref);
  g_free (crl);
}

static void
begin_crl_done (Job *job)
{
  Crl *crl = g_new0 (Crl, 1);

  crl->rows = g_steal_pointer (&job->issued_rows);
  crl->number = job->crl_number;
  g_task_set_task_data (job->task, crl, crl_free);
}

static void
remove_done (Job *job)
{
  CwStore *self = g_task_get_source_object (job->task);
  CwIdentity *listed = g_hash_table_lookup (self->by_id, job->id);
  guint i;

  if (job->error)
    g_hash_table_remove (self->removed, job->id);
  if (job->error || !listed || !g_ptr_array_find (self->identities, listed, &i))
    return;

  g_hash_table_remove (self->by_id, job->id);
  g_hash_table_remove (self->issued, job->id);
  g_ptr_array_remove_index (self->identities, i);
  g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 0);
}

/* What was asked for, answered, tested or revoked elsewhere; not what a person may be typing here.
 */
static void
refresh_known (CwStore *self, CwIdentity *identity, const CwIdentityRow *row)
{
  g_autoptr (CwIdentityRow) known = cw_identity_to_row (identity);

  /* Once that is saved, or has failed, it is compared again. */
  if (g_hash_table_contains (self->changing, row->id))
    {
      self->behind = TRUE;
      return;
    }
  if (cw_identity_row_has_other_files (known, row))
    cw_identity_apply (identity, row);
  cw_identity_apply_test (identity, row);
  if (row->certificate)
    cw_identity_note_revocation (identity, row->certificate, row->revoked_at);
}

/* Takes the row. */
static void
refresh_row (CwStore *self, CwIdentityRow *row)
{
  g_autoptr (CwIdentityRow) owned = row;
  CwIdentity *known = g_hash_table_lookup (self->by_id, row->id);
  g_autoptr (CwIdentity) identity = NULL;

  if (known)
    {
      refresh_known (self, known, row);
    }
  else if (!g_hash_table_contains (self->removed, row->id))
    {
      identity = cw_identity_new_for_row (g_steal_pointer (&owned));
      append (self, identity);
      g_list_model_items_changed (G_LIST_MODEL (self), self->identities->len - 1, 0, 1);
    }
}

static void
drop_missing (CwStore *self, GHashTable *ids)
{
  for (guint i = self->identities->len; i > 0; i--)
    {
      const char *id = cw_identity_get_id (g_ptr_array_index (self->identities, i - 1));

      if (g_hash_table_contains (ids, id))
        continue;
      g_hash_table_add (self->removed, g_strdup (id));
      g_hash_table_remove (self->issued, id);
      g_hash_table_remove (self->by_id, id);
      g_ptr_array_remove_index (self->identities, i - 1);
      g_list_model_items_changed (G_LIST_MODEL (self), i - 1, 1, 0);
    }
}

static void
refresh_issued (CwStore *self)
{
  g_autoptr (GList) ids = g_hash_table_get_keys (self->issued);

  for (GList *l = ids; l; l = l->next)
    {
      CwIdentity *authority = g_hash_table_lookup (self->by_id, l->data);

      if (authority)
        cw_store_load_issued_async (self, authority, NULL, NULL, NULL);
    }
}

static void
refresh_done (Job *job)
{
  CwStore *self = g_task_get_source_object (job->task);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  self->behind = self->behind || job->error;
  if (!job->rows || !self->loaded)
    return;

  self->behind = FALSE;

  g_ptr_array_set_free_func (job->rows, NULL);
  for (guint i = 0; i < job->rows->len; i++)
    {
      CwIdentityRow *row = g_ptr_array_index (job->rows, i);

      g_hash_table_add (ids, g_strdup (row->id));
      refresh_row (self, row);
    }
  drop_missing (self, ids);
  refresh_issued (self);
}

/* The changes of this identity that are under way before this job. */
static GPtrArray *
changes_under_way (CwStore *self, const char *id)
{
  GPtrArray *changing = g_hash_table_lookup (self->changing, id);
  GPtrArray *copy;

  if (!changing)
    return g_ptr_array_new_with_free_func (changes_unref);

  copy = g_ptr_array_copy (changing, (GCopyFunc) changes_ref, NULL);
  g_ptr_array_set_free_func (copy, changes_unref);
  return copy;
}

static void
begin_changes (CwStore *self, Job *job, CwIdentityRow *row)
{
  GPtrArray *changing = g_hash_table_lookup (self->changing, job->id);

  if (!changing)
    {
      changing = g_ptr_array_new_with_free_func (changes_unref);
      g_hash_table_insert (self->changing, g_strdup (job->id), changing);
    }
  job->changes = changes_new (row);
  g_ptr_array_add (changing, changes_ref (job->changes, NULL));
}

/* The identity as it is now; takes the changes. */
static void
prepare_save (CwStore *self, Job *job, CwIdentityRow *changes)
{
  job->row = cw_identity_to_row (job->identity);
  job->n_changes = cw_identity_get_n_changes (job->identity);
  job->earlier = changes_under_way (self, job->id);
  if (changes)
    begin_changes (self, job, changes);
}

static gboolean
refuse_removed (CwStore *self, Job *job)
{
  g_autofree char *title = NULL;

  if (!g_hash_table_contains (self->removed, job->id))
    return FALSE;

  title = cw_identity_get_title (job->identity);
  g_task_return_new_error (job->task, CW_STORE_ERROR, CW_STORE_ERROR_REMOVED,
                           /* Translators: %s is the name of a certificate */
                           _ ("“%s” was deleted and is not saved any more."), title);
  return TRUE;
}

gboolean
cw_store_was_removed (CwStore *self, const char *id)
{
  g_return_val_if_fail (CW_IS_STORE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  return g_hash_table_contains (self->removed, id);
}

static GType
get_item_type (GListModel *model)
{
  return CW_TYPE_IDENTITY;
}

static guint
get_n_items (GListModel *model)
{
  return CW_STORE (model)->identities->len;
}

static gpointer
get_item (GListModel *model, guint i)
{
  CwStore *self = CW_STORE (model);

  return i < self->identities->len ? g_object_ref (g_ptr_array_index (self->identities, i)) : NULL;
}

static void
cw_store_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
cw_store_finalize (GObject *object)
{
  CwStore *self = CW_STORE (object);

  /* Each job holds the store: there is none left, and this does not wait. */
  g_thread_pool_free (self->worker, FALSE, TRUE);
  g_clear_pointer (&self->database, cw_database_free);
  g_clear_pointer (&self->issued, g_hash_table_unref);
  g_clear_pointer (&self->removed, g_hash_table_unref);
  g_clear_pointer (&self->changing, g_hash_table_unref);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->identities, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (cw_store_parent_class)->finalize (object);
}

static void
cw_store_class_init (CwStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = cw_store_finalize;
}

static void
cw_store_init (CwStore *self)
{
  self->identities = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->changing =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->issued = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->worker = g_thread_pool_new (job_run_cb, NULL, 1, TRUE, NULL);
}

CwStore *
cw_store_new (const char *path)
{
  CwStore *self = g_object_new (CW_TYPE_STORE, NULL);

  if (path)
    self->path = g_canonicalize_filename (path, NULL);
  else
    self->path = g_build_filename (g_get_user_data_dir (), "certwright", "certificates.db", NULL);
  self->database = cw_database_new (self->path, path == NULL);
  return self;
}

const char *
cw_store_get_path (CwStore *self)
{
  g_return_val_if_fail (CW_IS_STORE (self), NULL);

  return self->path;
}

void
cw_store_open_async (CwStore *self,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));

  job = job_new (self, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_open_async);
  push (self, job, run_open, open_done);
}

gboolean
cw_store_open_finish (CwStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_store_refresh_async (CwStore *self,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));

  job = job_new (self, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_refresh_async);
  job->behind = self->behind;
  push (self, job, run_refresh, refresh_done);
}

gboolean
cw_store_refresh_finish (CwStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_store_save_changes_async (CwStore *self,
                             CwIdentity *identity,
                             CwIdentityRow *changes,
                             gboolean listed,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (CwIdentityRow) owned = changes;
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  job = job_new (self, identity, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_save_async);
  if (refuse_removed (self, job))
    {
      job_free (job);
      return;
    }

  job->listed = listed;
  prepare_save (self, job, g_steal_pointer (&owned));
  push (self, job, run_save, save_done);
}

void
cw_store_save_async (CwStore *self,
                     CwIdentity *identity,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  cw_store_save_changes_async (self, identity, NULL, TRUE, cancellable, callback, user_data);
}

gboolean
cw_store_save_finish (CwStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_store_try_write_async (CwStore *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));

  job = job_new (self, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_save_async);
  push (self, job, run_try_write, try_write_done);
}

void
cw_store_remove_async (CwStore *self,
                       CwIdentity *identity,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));
  g_return_if_fail (CW_IS_IDENTITY (identity));

  job = job_new (self, identity, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_remove_async);
  g_hash_table_add (self->removed, g_strdup (job->id));
  push (self, job, run_remove, remove_done);
}

gboolean
cw_store_remove_finish (CwStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
cw_store_load_issued_async (CwStore *self,
                            CwIdentity *authority,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));
  g_return_if_fail (CW_IS_IDENTITY (authority));

  job = job_new (self, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_load_issued_async);
  job->authority_id = g_strdup (cw_identity_get_id (authority));
  push (self, job, run_load_issued, load_issued_done);
}

GListModel *
cw_store_load_issued_finish (CwStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return g_object_ref (g_task_get_task_data (G_TASK (result)));
}

void
cw_store_find_revocation_async (CwStore *self,
                                CwCertificate *certificate,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));
  g_return_if_fail (CW_IS_CERTIFICATE (certificate));

  job = job_new (self, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_find_revocation_async);
  job->certificate = g_object_ref (certificate);
  push (self, job, run_find_revocation, find_revocation_done);
}

gboolean
cw_store_find_revocation_finish (CwStore *self,
                                 GAsyncResult *result,
                                 GDateTime **revoked_at,
                                 GError **error)
{
  GDateTime *found;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (revoked_at != NULL, FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  found = g_task_get_task_data (G_TASK (result));
  *revoked_at = found ? g_date_time_ref (found) : NULL;
  return TRUE;
}

void
cw_store_issue_async (CwStore *self,
                      CwIssuedRow *issued,
                      CwIdentity *answered,
                      CwIdentityRow *changes,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));
  g_return_if_fail (issued);
  g_return_if_fail (!answered || CW_IS_IDENTITY (answered));

  job = job_new (self, answered, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_issue_async);
  job->issued = issued;
  job->listed = TRUE;
  if (answered && refuse_removed (self, job))
    {
      cw_identity_row_free (changes);
      job_free (job);
      return;
    }
  if (answered)
    prepare_save (self, job, changes);
  push (self, job, run_issue, issue_done);
}

void
cw_store_revoke_async (CwStore *self,
                       CwIssued *issued,
                       CwRevocationReason reason,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));
  g_return_if_fail (CW_IS_ISSUED (issued));

  job = job_new (self, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_revoke_async);
  job->revoked = g_object_ref (issued);
  job->issued = cw_issued_to_row (issued);
  job->issued->revoked_at = g_get_real_time () / G_USEC_PER_SEC;
  job->issued->reason = reason;
  push (self, job, run_revoke, revoke_done);
}

void
cw_store_begin_crl_async (CwStore *self,
                          CwIdentity *authority,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Job *job;

  g_return_if_fail (CW_IS_STORE (self));
  g_return_if_fail (CW_IS_IDENTITY (authority));

  job = job_new (self, NULL, cancellable, callback, user_data);
  g_task_set_source_tag (job->task, cw_store_begin_crl_async);
  job->authority_id = g_strdup (cw_identity_get_id (authority));
  push (self, job, run_begin_crl, begin_crl_done);
}

GPtrArray *
cw_store_begin_crl_finish (CwStore *self, GAsyncResult *result, guint64 *number, GError **error)
{
  Crl *crl;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  crl = g_task_get_task_data (G_TASK (result));
  *number = crl->number;
  return g_ptr_array_ref (crl->rows);
}

CwIdentity *
cw_store_find (CwStore *self, const char *id)
{
  g_return_val_if_fail (CW_IS_STORE (self), NULL);
  g_return_val_if_fail (id, NULL);

  return g_hash_table_lookup (self->by_id, id);
}

CwIdentity *
cw_store_find_by_key (CwStore *self, const char *key_fingerprint)
{
  CwIdentity *found = NULL;

  g_return_val_if_fail (CW_IS_STORE (self), NULL);
  g_return_val_if_fail (key_fingerprint, NULL);

  for (guint i = 0; i < self->identities->len; i++)
    {
      CwIdentity *identity = g_ptr_array_index (self->identities, i);

      if (g_strcmp0 (cw_identity_get_key_fingerprint (identity), key_fingerprint) != 0)
        continue;
      if (cw_identity_get_state (identity, NULL) == CW_IDENTITY_WAITING)
        return identity;
      if (!found)
        found = identity;
    }
  return found;
}

char **
cw_store_get_key_fingerprints (CwStore *self)
{
  g_autoptr (GHashTable) fingerprints = NULL;
  g_autofree const char **borrowed = NULL;

  g_return_val_if_fail (CW_IS_STORE (self), NULL);

  fingerprints = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < self->identities->len; i++)
    {
      CwIdentity *identity = g_ptr_array_index (self->identities, i);
      const char *fingerprint = cw_identity_get_key_fingerprint (identity);

      if (fingerprint && (cw_identity_get_state (identity, NULL) != CW_IDENTITY_DRAFT ||
                          cw_identity_get_key_imported (identity)))
        g_hash_table_add (fingerprints, (gpointer) fingerprint);
    }

  borrowed = (const char **) g_hash_table_get_keys_as_array (fingerprints, NULL);
  return g_strdupv ((char **) borrowed);
}
