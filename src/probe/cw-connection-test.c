/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-connection-result-private.h"
#include "cw-connection-test-private.h"
#include "cw-connection-test.h"

static guint limit = CW_CONNECTION_TEST_LIMIT * 1000;

static void
test_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GListStore) evidence = g_list_store_new (CW_TYPE_FINDING);
  g_autoptr (GPtrArray) presented = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (CwFinding) verdict =
      cw_finding_new ("library-missing", CW_SEVERITY_PROBLEM, "Not built yet.", NULL, NULL);
  CwConnectionFacts facts = { .address = cw_endpoint_to_string (task_data),
                              .evidence = G_LIST_MODEL (evidence),
                              .verdict = verdict,
                              .presented = presented };
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, cw_connection_result_new (&facts), g_object_unref);
}

void
cw_connection_test_set_limit (guint milliseconds)
{
  limit = milliseconds;
}

void
cw_connection_test_async (const CwConnectionTestInput *input,
                          CwConnectionTestProgress progress,
                          gpointer progress_data,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (input != NULL && input->endpoint != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cw_connection_test_async);
  g_task_set_task_data (task, cw_endpoint_ref (input->endpoint),
                        (GDestroyNotify) cw_endpoint_unref);
  g_task_run_in_thread (task, test_thread);
}

CwConnectionResult *
cw_connection_test_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
