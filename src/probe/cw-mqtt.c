/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "cw-mosquitto.h"
#include "cw-mqtt.h"

#define KEEPALIVE 60 /* seconds */

typedef struct
{
  const CwMosquitto *lib;
  struct mosquitto *client;
  const CwMqttLogin *login;
  CwHandshake *handshake;
  CwAnswer *answer;
  gboolean connected; /* at the level of TCP */
  gboolean answered;
  gint64 answered_at;
  gboolean failed; /* at publishing */
} Session;

static void
publish (Session *self)
{
  const char *payload = self->login->payload != NULL ? self->login->payload : "";
  int id;
  self->failed = self->lib->publish (self->client, &id, self->login->topic, (int) strlen (payload),
                                     payload, 1, false) != MOSQ_ERR_SUCCESS;
}

static void
connack_cb (struct mosquitto *client, void *user_data, int code)
{
  Session *self = user_data;
  self->answered = TRUE;
  self->answered_at = g_get_monotonic_time ();
  self->answer->code = code;
  if (code == 0 && self->login->topic != NULL)
    publish (self);
}

static void
puback_cb (struct mosquitto *client, void *user_data, int id)
{
  Session *self = user_data;
  self->answer->published = TRUE;
}

static gboolean
is_over (Session *self)
{
  return self->answered && (self->answer->code != 0 || self->login->topic == NULL ||
                            self->answer->published || self->failed);
}

static gint64
get_deadline (Session *self, gint64 start, guint limit)
{
  gint64 since = self->answered          ? self->answered_at
                 : self->handshake->done ? self->handshake->done_at
                                         : start;
  return since + limit * (gint64) 1000;
}

/* In the middle of a handshake the library does not see it. */
static gboolean
has_ended (int fd)
{
  char byte;
  gssize n = recv (fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* Waits until something can be done, or until the time is over. */
static short
wait (Session *self, int fd, GPollFD *cancel, gint64 deadline)
{
  gint64 left = (deadline - g_get_monotonic_time ()) / 1000;
  /* Within the handshake the socket can always be written to, with nothing to write. */
  gboolean writing =
      !self->connected || (self->handshake->done && self->lib->want_write (self->client));
  GPollFD fds[] = { { fd, G_IO_IN | (writing ? G_IO_OUT : 0), 0 }, *cancel };
  g_poll (fds, cancel->fd >= 0 ? 2 : 1, (int) CLAMP (left + 1, 0, G_MAXINT));
  return (short) fds[0].revents;
}

static int
step (Session *self, short events)
{
  int code = MOSQ_ERR_SUCCESS;
  if ((events & G_IO_OUT) != 0)
    self->connected = TRUE;
  if ((events & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0)
    code = self->lib->loop_read (self->client, 1);
  if (code == MOSQ_ERR_SUCCESS && self->lib->want_write (self->client))
    code = self->lib->loop_write (self->client, 1);
  return code;
}

static CwOutcome
judge (int code)
{
  switch (code)
    {
    case MOSQ_ERR_PROTOCOL:
    case MOSQ_ERR_MALFORMED_PACKET:
    case MOSQ_ERR_MALFORMED_UTF8:
    case MOSQ_ERR_PAYLOAD_SIZE:
    case MOSQ_ERR_NOMEM:
      return CW_OUTCOME_GARBAGE;
    default:
      return CW_OUTCOME_CLOSED;
    }
}

static CwOutcome
run (Session *self, guint limit, GCancellable *cancellable)
{
  gint64 start = g_get_monotonic_time ();
  GPollFD cancel = { .fd = -1 };
  gboolean pollable = g_cancellable_make_pollfd (cancellable, &cancel);
  CwOutcome outcome = CW_OUTCOME_TIMED_OUT;
  while (!is_over (self) && g_get_monotonic_time () < get_deadline (self, start, limit))
    {
      int fd = self->lib->socket (self->client);
      short events = fd >= 0 ? wait (self, fd, &cancel, get_deadline (self, start, limit)) : 0;
      if (g_cancellable_is_cancelled (cancellable))
        break;
      int code = fd >= 0 ? step (self, events) : MOSQ_ERR_CONN_LOST;
      if (self->handshake->received > CW_MQTT_MAX_RECEIVED)
        outcome = CW_OUTCOME_ENDLESS;
      else if (code != MOSQ_ERR_SUCCESS)
        outcome = judge (code);
      else if (!self->handshake->done && self->connected && has_ended (fd))
        outcome = CW_OUTCOME_CLOSED;
      if (outcome != CW_OUTCOME_TIMED_OUT)
        break;
    }
  if (pollable)
    g_cancellable_release_fd (cancellable);
  if (g_cancellable_is_cancelled (cancellable))
    return CW_OUTCOME_CANCELLED;
  return self->answered && outcome != CW_OUTCOME_ENDLESS ? CW_OUTCOME_ANSWERED : outcome;
}

static void
set_client (Session *self, SSL_CTX *context)
{
  g_autofree char *made_up = g_strdup_printf ("certwright-%08x", g_random_int ());
  const char *id = self->login->client_id != NULL ? self->login->client_id : made_up;
  self->client = self->lib->new (id, true, self);
  if (self->client == NULL)
    g_error ("Out of memory");
  self->lib->int_option (self->client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V311);
  self->lib->void_option (self->client, MOSQ_OPT_SSL_CTX, context);
  self->lib->int_option (self->client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
  self->lib->connect_callback_set (self->client, connack_cb);
  self->lib->publish_callback_set (self->client, puback_cb);
  if (self->login->user_name != NULL)
    self->lib->username_pw_set (self->client, self->login->user_name, NULL);
}

static void
talk (Session *self, const char *address, guint limit, GCancellable *cancellable)
{
  g_autoptr (SSL_CTX) context = SSL_CTX_new (TLS_client_method ());
  if (context == NULL)
    g_error ("Out of memory");
  if (!cw_handshake_attach (self->handshake, context, &self->answer->error))
    {
      self->answer->outcome = CW_OUTCOME_NOT_USED;
      return;
    }
  set_client (self, context);
  guint16 port = cw_endpoint_get_port (self->handshake->settings.endpoint);
  int code = self->lib->connect_async (self->client, address, port, KEEPALIVE);
  self->answer->outcome =
      code == MOSQ_ERR_SUCCESS ? run (self, limit, cancellable) : CW_OUTCOME_CLOSED;
  if (self->answered)
    self->lib->disconnect (self->client);
  self->lib->destroy (self->client);
  if (self->answer->outcome == CW_OUTCOME_CLOSED)
    cw_handshake_hear_out (self->handshake);
}

CwAnswer *
cw_mqtt_ask (const char *address,
             const CwMqttLogin *login,
             CwHandshake *handshake,
             guint limit,
             GCancellable *cancellable)
{
  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (login != NULL, NULL);
  g_return_val_if_fail (handshake != NULL, NULL);

  g_autoptr (CwAnswer) answer = g_new0 (CwAnswer, 1);
  const CwMosquitto *lib = cw_mosquitto_get (&answer->error);
  if (lib == NULL)
    {
      answer->outcome = CW_OUTCOME_NO_LIBRARY;
      return g_steal_pointer (&answer);
    }
  Session session = { .lib = lib, .login = login, .handshake = handshake, .answer = answer };
  talk (&session, address, limit, cancellable);
  return g_steal_pointer (&answer);
}
