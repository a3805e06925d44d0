#ifndef DAYBOOK_CMICROHTTPD_SHIM_H
#define DAYBOOK_CMICROHTTPD_SHIM_H

#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

// Swift's own module of the C library leaves these out.
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Swift cannot call variadic functions, so starting and asking have functions of their own.

struct mhd_rules {
    int socket;
    unsigned int threads;
    unsigned int connections;
    unsigned int per_address;
    unsigned int silence_seconds;
    size_t connection_bytes;
};

typedef void *(*mhd_line_reader)(void *context, const char *target, struct MHD_Connection *connection);

// The target is decoded by the program, once and strictly; the library must leave it as it came.
static inline size_t mhd_leave_escaped(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

static inline struct MHD_Daemon *mhd_start(
    const struct mhd_rules *rules, void *context, MHD_AccessHandlerCallback handler, mhd_line_reader line_reader,
    MHD_RequestCompletedCallback completed, MHD_NotifyConnectionCallback connected, MHD_LogCallback logger) {
    // Not by epoll: there, connections that were suspended and resumed stood still now and then until they were cut.
    return MHD_start_daemon(
        MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, handler, context,
        // First, so that what the library says about the others is heard.
        MHD_OPTION_EXTERNAL_LOGGER, logger, context,
        MHD_OPTION_LISTEN_SOCKET, rules->socket,
        MHD_OPTION_THREAD_POOL_SIZE, rules->threads,
        MHD_OPTION_CONNECTION_LIMIT, rules->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, rules->per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, rules->silence_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, rules->connection_bytes,
        MHD_OPTION_STRICT_FOR_CLIENT, -1,
        MHD_OPTION_UNESCAPE_CALLBACK, mhd_leave_escaped, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, line_reader, context,
        MHD_OPTION_NOTIFY_COMPLETED, completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, connected, context,
        MHD_OPTION_END);
}

static inline int mhd_descriptor(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static inline const struct sockaddr *mhd_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return info ? info->client_addr : NULL;
}

static inline void *mhd_socket_context(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

// Swift cannot see macros that are casts.
static const uint64_t mhd_size_unknown = MHD_SIZE_UNKNOWN;
static const ssize_t mhd_end_of_stream = (ssize_t)MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t mhd_end_with_error = (ssize_t)MHD_CONTENT_READER_END_WITH_ERROR;

#endif
