/* A native add-on that reaches outside by itself: connects to a port of this machine and sends a text. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <node_api.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_CHARACTERS 200

static napi_value send_text(napi_env env, napi_callback_info info) {
  napi_value args[2];
  size_t count = 2;
  int32_t port = 0;
  char text[MOST_CHARACTERS + 1];
  size_t length = 0;
  napi_get_cb_info(env, info, &count, args, NULL, NULL);
  napi_get_value_int32(env, args[0], &port);
  napi_get_value_string_utf8(env, args[1], text, sizeof text, &length);

  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

  int32_t sent = -1;
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  if (descriptor >= 0) {
    if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) {
      sent = (int32_t)write(descriptor, text, length);
    }
    close(descriptor);
  }
  napi_value result;
  napi_create_int32(env, sent, &result);
  return result;
}

NAPI_MODULE_INIT() {
  napi_value function;
  napi_create_function(env, "sendText", NAPI_AUTO_LENGTH, send_text, NULL, &function);
  napi_set_named_property(env, exports, "sendText", function);
  return exports;
}
