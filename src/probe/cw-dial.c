/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-dial.h"

/* One way to a host, while it is being tried. */
typedef struct
{
  CwDial *dial;
  CwEndpoint *endpoint;
  guint limit;
  GMainContext *context;
  GCancellable *phase; /* cancelled by the person or by the limit */
  GSource *timeout;
  gboolean timed_out;
  gboolean negotiating; /* with the proxy */
  char **proxies;
  gboolean done;
} Attempt;

static GProxyResolver *proxies_for_tests;

static gboolean
timeout_cb (gpointer user_data)
{
  Attempt *self = user_data;
  self->timed_out = TRUE;
  g_cancellable_cancel (self->phase);
  return G_SOURCE_REMOVE;
}

static void
stop_clock (Attempt *self)
{
  if (self->timeout != NULL)
    g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
}

static void
restart_clock (Attempt *self)
{
  stop_clock (self);
  self->timeout = g_timeout_source_new (self->limit);
  g_source_set_callback (self->timeout, timeout_cb, self, NULL);
  g_source_attach (self->timeout, self->context);
}

static void
wait (Attempt *self)
{
  self->done = FALSE;
  restart_clock (self);
  while (!self->done)
    g_main_context_iteration (self->context, TRUE);
  stop_clock (self);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Attempt *self = user_data;
  self->proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, NULL);
  self->done = TRUE;
}

/* (transfer full) (nullable): in the order in which they want to be tried */
static char **
find_proxies (Attempt *self)
{
  if (cw_endpoint_get_scheme (self->endpoint) == CW_SCHEME_MQTTS)
    return NULL;
  GProxyResolver *resolver =
      proxies_for_tests != NULL ? proxies_for_tests : g_proxy_resolver_get_default ();
  gboolean v6 = g_strrstr (cw_endpoint_get_host (self->endpoint), ":") != NULL;
  g_autofree char *uri = g_strdup_printf (v6 ? "https://[%s]:%u" : "https://%s:%u",
                                          cw_endpoint_get_host (self->endpoint),
                                          cw_endpoint_get_port (self->endpoint));
  g_proxy_resolver_lookup_async (resolver, uri, self->phase, looked_up_cb, self);
  wait (self);
  return g_steal_pointer (&self->proxies);
}

/* Without the user name and password that may be in it. */
static char *
describe_proxy (const char *proxy)
{
  g_autoptr (GUri) uri = g_uri_parse (proxy, G_URI_FLAGS_NONE, NULL);
  return uri != NULL ? g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO) : g_strdup ("?");
}

static void
event_cb (GSocketClient *client,
          GSocketClientEvent event,
          GSocketConnectable *connectable,
          GIOStream *connection,
          gpointer user_data)
{
  Attempt *self = user_data;
  if (event == G_SOCKET_CLIENT_RESOLVED)
    {
      self->dial->resolved = TRUE;
      restart_clock (self);
    }
  else if (event == G_SOCKET_CLIENT_PROXY_NEGOTIATING)
    {
      self->negotiating = TRUE;
      restart_clock (self);
    }
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Attempt *self = user_data;
  self->dial->connection =
      g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &self->dial->error);
  self->done = TRUE;
}

static void
connect_to_host (Attempt *self, const char *proxy)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) address =
      g_object_new (G_TYPE_NETWORK_ADDRESS, "hostname", cw_endpoint_get_host (self->endpoint),
                    "port", (guint) cw_endpoint_get_port (self->endpoint), "scheme", "https", NULL);
  if (proxy != NULL)
    {
      g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy, NULL);
      g_socket_client_set_proxy_resolver (client, resolver);
      self->dial->proxy = describe_proxy (proxy);
    }
  g_socket_client_set_enable_proxy (client, proxy != NULL);
  g_signal_connect (client, "event", G_CALLBACK (event_cb), self);
  g_socket_client_connect_async (client, address, self->phase, connected_cb, self);
  wait (self);
  g_signal_handlers_disconnect_by_data (client, self);
  /* What lost the race, or was cancelled, lets go of its socket only then. */
  while (g_main_context_iteration (self->context, FALSE))
    ;
}

/* Until one leads there. Where the settings cannot be read, there is no proxy. */
static void
try_each (Attempt *self, char **proxies, GCancellable *cancellable)
{
  guint n = proxies != NULL ? g_strv_length (proxies) : 0;
  for (guint i = 0; i < MAX (n, 1) && self->dial->connection == NULL; i++)
    {
      gboolean direct = n == 0 || g_str_has_prefix (proxies[i], "direct:");
      /* In this order, a person's wish to end it is not lost. */
      g_cancellable_reset (self->phase);
      if (g_cancellable_is_cancelled (cancellable))
        return;
      self->timed_out = FALSE;
      g_clear_error (&self->dial->error);
      g_clear_pointer (&self->dial->proxy, g_free);
      connect_to_host (self, direct ? NULL : proxies[i]);
    }
}

static const char *
judge_proxy (const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_NEED_AUTH) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_AUTH_FAILED))
    return "proxy-auth";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PROXY_NOT_ALLOWED))
    return "proxy-denied";
  return "proxy-failed";
}

/* Names that can never be (RFC 6761), which resolvers that are cut off do not know. */
static gboolean
is_invalid (CwEndpoint *endpoint)
{
  return g_str_has_suffix (cw_endpoint_get_host (endpoint), ".invalid");
}

static const char *
judge (Attempt *self)
{
  const GError *error = self->dial->error;
  if (self->dial->proxy != NULL)
    return judge_proxy (error);
  if (self->timed_out)
    return self->dial->resolved ? "connect-timeout" : "name-failed";
  if (error->domain == G_RESOLVER_ERROR)
    return error->code == G_RESOLVER_ERROR_NOT_FOUND || is_invalid (self->endpoint) ? "name-unknown"
                                                                                    : "name-failed";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return "refused";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return "connect-timeout";
  /* Accepted, and reset before anybody has seen that it was. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return "tls-closed";
  return "unreachable";
}

static void
note_address (CwDial *dial)
{
  g_autoptr (GSocketAddress) remote =
      g_socket_get_remote_address (g_socket_connection_get_socket (dial->connection), NULL);
  if (G_IS_INET_SOCKET_ADDRESS (remote))
    dial->address = g_inet_address_to_string (
        g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote)));
}

static void
cancelled_cb (GCancellable *cancellable, gpointer phase)
{
  g_cancellable_cancel (phase);
}

void
cw_dial_free (CwDial *self)
{
  g_return_if_fail (self != NULL);

  g_clear_object (&self->connection);
  g_free (self->address);
  g_free (self->proxy);
  g_clear_error (&self->error);
  g_free (self);
}

CwDial *
cw_dial_new (CwEndpoint *endpoint, guint limit, GCancellable *cancellable)
{
  g_return_val_if_fail (endpoint != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);

  CwDial *dial = g_new0 (CwDial, 1);
  g_autoptr (GCancellable) phase = g_cancellable_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  Attempt self = {
    .dial = dial, .endpoint = endpoint, .limit = limit, .context = context, .phase = phase
  };
  gulong handler = cancellable != NULL
                       ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), phase, NULL)
                       : 0;
  g_main_context_push_thread_default (context);
  g_auto (GStrv) proxies = find_proxies (&self);
  try_each (&self, proxies, cancellable);
  g_main_context_pop_thread_default (context);
  if (handler != 0)
    g_cancellable_disconnect (cancellable, handler);

  if (dial->connection != NULL)
    note_address (dial);
  else if (!g_cancellable_is_cancelled (cancellable))
    dial->failure = dial->error != NULL ? judge (&self) : "proxy-failed";
  /* It would say that somebody cancelled it. */
  if (self.timed_out)
    g_clear_error (&dial->error);
  return dial;
}

void
cw_dial_set_proxies (GProxyResolver *proxies)
{
  g_set_object (&proxies_for_tests, proxies);
}
