#ifndef DAYBOOK_CCURL_SHIM_H
#define DAYBOOK_CCURL_SHIM_H

#include <curl/curl.h>

// curl takes its options through variable arguments, which Swift cannot call: here is one function for each kind.

typedef size_t (*curl_take_bytes)(char *bytes, size_t size, size_t count, void *context);
typedef curl_socket_t (*curl_open_socket)(void *context, curlsocktype purpose, struct curl_sockaddr *address);

static inline CURLcode curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_large(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode curl_set_bytes_callback(CURL *handle, CURLoption option, curl_take_bytes callback) {
    return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode curl_set_socket_callback(CURL *handle, CURLoption option, curl_open_socket callback) {
    return curl_easy_setopt(handle, option, callback);
}

static inline CURLcode curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode curl_get_large(CURL *handle, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

// What is in a message depends on its kind, and Swift sees the union as bytes.
static inline CURLcode curl_message_result(const CURLMsg *message) { return message->data.result; }

#endif
