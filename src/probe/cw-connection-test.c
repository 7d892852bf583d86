/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-connection-result-private.h"
#include "cw-connection-test-private.h"
#include "cw-connection-test.h"
#include "cw-http.h"
#include "cw-mqtt.h"
#include "cw-trial.h"
#include "cw-trust.h"
#include "cw-verdict.h"

/* What the thread is given. */
typedef struct
{
  CwTrial trial;
  CwSecret *secret; /* the key's PEM */
  char *cas[3];     /* PEM: chosen, of the reply, of the file */
  CwConnectionTestProgress progress;
  gpointer progress_data;
} Job;

typedef struct
{
  CwConnectionTestProgress progress;
  gpointer progress_data;
  char *doing;
} Message;

static guint limit = CW_CONNECTION_TEST_LIMIT * 1000;

static void
job_free (Job *job)
{
  CwTrial *trial = &job->trial;
  for (guint i = 0; i < CW_N_CONNECTIONS; i++)
    {
      g_clear_pointer (&trial->answers[i], cw_answer_free);
      g_clear_pointer (&trial->handshakes[i], cw_handshake_free);
      g_clear_pointer (&trial->dials[i], cw_dial_free);
    }
  for (guint i = 0; i < G_N_ELEMENTS (job->cas); i++)
    g_free (job->cas[i]);
  g_clear_pointer (&job->secret, cw_secret_unref);
  g_clear_pointer (&trial->key, cw_key_unref);
  g_clear_object (&trial->chain);
  g_clear_pointer (&trial->chosen, g_ptr_array_unref);
  g_clear_pointer (&trial->reply, g_ptr_array_unref);
  g_clear_pointer (&trial->file, g_ptr_array_unref);
  g_clear_pointer (&trial->trust, cw_trust_free);
  g_clear_object (&trial->offered_ca);
  g_clear_object (&trial->evidence);
  g_free (trial->topic);
  g_free (trial->payload);
  g_free (trial->client_id);
  g_free (trial->user_name);
  cw_endpoint_unref (trial->endpoint);
  g_free (job);
}

static Job *
job_new (const CwConnectionTestInput *input)
{
  Job *job = g_new0 (Job, 1);
  job->trial.endpoint = cw_endpoint_ref (input->endpoint);
  job->trial.chain = input->chain != NULL ? g_object_ref (input->chain) : NULL;
  job->trial.verify_server = input->verify_server;
  job->trial.beside_system = input->cas_beside_system;
  job->trial.topic = g_strdup (input->topic);
  job->trial.payload = g_strdup (input->payload);
  job->trial.client_id = g_strdup (input->client_id);
  job->trial.user_name = g_strdup (input->user_name);
  job->trial.evidence = g_list_store_new (CW_TYPE_FINDING);
  job->secret = input->key != NULL ? cw_secret_ref (input->key) : NULL;
  job->cas[0] = g_strdup (input->server_cas);
  job->cas[1] = g_strdup (input->reply_cas);
  job->cas[2] = g_strdup (input->file_cas);
  return job;
}

static void
message_free (gpointer data)
{
  Message *message = data;
  g_free (message->doing);
  g_free (message);
}

static gboolean
progress_cb (gpointer user_data)
{
  Message *message = user_data;
  message->progress (message->doing, message->progress_data);
  return G_SOURCE_REMOVE;
}

/* @doing: (transfer full) */
static void
say (Job *job, GTask *task, char *doing)
{
  Message *message = g_new0 (Message, 1);
  message->progress = job->progress;
  message->progress_data = job->progress_data;
  message->doing = doing;
  if (job->progress == NULL)
    {
      message_free (message);
      return;
    }
  /* With the task's priority: what is said comes before its end. */
  g_autoptr (GSource) source = g_idle_source_new ();
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, progress_cb, message, message_free);
  g_source_attach (source, g_task_get_context (task));
}

static void
judge_choices (CwTrial *trial, GPtrArray *presented)
{
  GPtrArray *const choices[] = {
    [CW_TRUST_SYSTEM] = NULL, [CW_TRUST_REPLY] = trial->reply, [CW_TRUST_FILE] = trial->file
  };
  for (guint i = CW_TRUST_SYSTEM; i <= CW_TRUST_FILE; i++)
    {
      /* Where the system's count beside the others, they have not done either. */
      gboolean possible = i == CW_TRUST_SYSTEM ? trial->chosen != NULL && !trial->beside_system
                                               : choices[i] != NULL;
      if (trial->working_choice != CW_TRUST_NONE || !possible)
        continue;
      g_autoptr (CwTrust) trust = cw_trust_new (choices[i], trial->beside_system);
      if (cw_trust_verifies (trust, presented, NULL))
        trial->working_choice = i;
    }
}

static void
judge_failure (CwTrial *trial, GPtrArray *presented)
{
  GPtrArray *known[] = { trial->chosen, trial->reply, trial->file,
                         trial->chain != NULL ? cw_chain_get_certificates (trial->chain) : NULL };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i] != NULL && cw_trust_verifies (trial->trust, presented, known[i]))
      trial->lacks_intermediate = TRUE;
  judge_choices (trial, presented);
  trial->offered_ca = cw_trust_find_offer (presented);
}

/* libmosquitto connects by itself, to the address that was found. */
static CwAnswer *
ask (CwTrial *trial, guint i, CwHandshake *handshake, GCancellable *cancellable)
{
  CwDial *dial = trial->dials[i];
  CwMqttLogin login = { .client_id = trial->client_id,
                        .user_name = trial->user_name,
                        .topic = i == CW_WITH ? trial->topic : NULL,
                        .payload = trial->payload };
  if (cw_endpoint_get_scheme (trial->endpoint) != CW_SCHEME_MQTTS)
    return cw_http_ask (dial->connection, handshake, limit, cancellable);
  g_clear_object (&dial->connection);
  return cw_mqtt_ask (dial->address, &login, handshake, limit, cancellable);
}

static void
connect_once (Job *job, guint i, GTask *task, GCancellable *cancellable)
{
  CwTrial *trial = &job->trial;
  const char *host = cw_endpoint_get_host (trial->endpoint);
  gboolean with = i == CW_WITH;
  gboolean mqtt = cw_endpoint_get_scheme (trial->endpoint) == CW_SCHEME_MQTTS;
  say (job, task,
       with ? g_strdup_printf (_ ("Connecting to %s with the certificate…"), host)
            : g_strdup_printf (_ ("Connecting to %s…"), host));
  trial->dials[i] = cw_dial_new (trial->endpoint, limit, cancellable);
  if (trial->dials[i]->connection == NULL)
    return;

  CwTlsSettings settings = { .endpoint = trial->endpoint,
                             .trust = trial->trust,
                             .verify_chain = trial->verify_server || mqtt,
                             .verify_name = trial->verify_server,
                             .key = with ? trial->key : NULL,
                             .chain = with ? trial->chain : NULL,
                             .known = trial->chain,
                             .max_received = mqtt ? CW_MQTT_MAX_RECEIVED : 0 };
  CwHandshake *handshake = cw_handshake_new (&settings);
  trial->handshakes[i] = handshake;
  trial->answers[i] = ask (trial, i, handshake, cancellable);
  cw_handshake_hang_up (handshake);
  g_clear_object (&trial->dials[i]->connection);
}

static void
connect_twice (Job *job, GTask *task, GCancellable *cancellable)
{
  CwTrial *trial = &job->trial;
  for (guint i = 0; i < CW_N_CONNECTIONS; i++)
    {
      if (g_cancellable_is_cancelled (cancellable))
        return;
      connect_once (job, i, task, cancellable);
      CwHandshake *handshake = trial->handshakes[i];
      if (i == CW_WITHOUT && handshake != NULL && handshake->code != X509_V_OK)
        judge_failure (trial, handshake->presented);
      if (g_cancellable_is_cancelled (cancellable))
        return;
      cw_trial_note (trial, i);
      if (cw_trial_judge_way (trial, i) != NULL || trial->key == NULL || trial->chain == NULL)
        return;
    }
}

static CwConnectionResult *
make_result (CwTrial *trial, CwFinding *verdict)
{
  CwHandshake *handshake = trial->handshakes[CW_WITH] != NULL ? trial->handshakes[CW_WITH]
                                                              : trial->handshakes[CW_WITHOUT];
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  CwConnectionFacts facts = {
    .address = cw_endpoint_to_string (trial->endpoint),
    .evidence = G_LIST_MODEL (trial->evidence),
    .verdict = verdict,
    .presented = handshake != NULL ? handshake->presented : none,
    .offered_ca = trial->offered_ca,
    .working_choice = trial->working_choice,
    .had_certificate = trial->key != NULL && trial->chain != NULL,
  };
  return cw_connection_result_new (&facts);
}

static gboolean
read_cas (const char *pem, GPtrArray **certificates, GError **error)
{
  if (pem != NULL)
    *certificates = cw_certificates_from_pem (pem, error);
  return pem == NULL || *certificates != NULL;
}

/* (nullable): the verdict if what was given cannot be read */
static CwFinding *
read_input (Job *job)
{
  CwTrial *trial = &job->trial;
  const char *host = cw_endpoint_get_host (trial->endpoint);
  g_autoptr (GError) error = NULL;
  if (!read_cas (job->cas[0], &trial->chosen, &error))
    return cw_verdict_new ("cas-unreadable", host, error->message);
  read_cas (job->cas[1], &trial->reply, NULL);
  read_cas (job->cas[2], &trial->file, NULL);
  trial->trust = cw_trust_new (trial->chosen, trial->beside_system);
  if (job->secret == NULL || trial->chain == NULL)
    return NULL;
  trial->key = cw_key_new_from_pem (job->secret, NULL, &error);
  g_clear_pointer (&job->secret, cw_secret_unref);
  return trial->key != NULL ? NULL : cw_verdict_new ("key-unusable", host, error->message);
}

/* (nullable): nobody waits for it any more */
static CwConnectionResult *
run (Job *job, GTask *task, GCancellable *cancellable)
{
  CwTrial *trial = &job->trial;
  g_autoptr (CwFinding) verdict = read_input (job);
  if (verdict == NULL)
    connect_twice (job, task, cancellable);
  if (g_cancellable_is_cancelled (cancellable))
    return NULL;
  if (verdict == NULL)
    verdict = cw_trial_explain (trial, cw_trial_judge_all (trial),
                                trial->dials[CW_WITH] != NULL ? CW_WITH : CW_WITHOUT);
  return make_result (trial, verdict);
}

/* With its result the program may exit, and OpenSSL with it: the key is let go before. */
static void
test_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr (CwConnectionResult) result = run (job, task, cancellable);
  job_free (job);
  /* What it keeps for a thread, as random numbers' state: the thread serves others too. */
  OPENSSL_thread_stop ();
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&result), g_object_unref);
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

  Job *job = job_new (input);
  job->progress = progress;
  job->progress_data = progress_data;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, cw_connection_test_async);
  g_task_set_task_data (task, job, NULL); /* the thread's */
  g_task_run_in_thread (task, test_thread);
}

CwConnectionResult *
cw_connection_test_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
