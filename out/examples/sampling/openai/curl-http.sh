#!/bin/sh
# Requires curl 7.76 or later

# Each region has its own API keys. To get one, see
# https://www.alibabacloud.com/help/model-studio/get-api-key
# If DASHSCOPE_API_KEY is not set, replace the next line with: api_key='sk-xxx'
api_key=$DASHSCOPE_API_KEY
# URLs of other regions:
#   China (Beijing): https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
#   US (Virginia): https://dashscope-us.aliyuncs.com/compatible-mode/v1/chat/completions
#   China (Hong Kong): https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
#   Finance Cloud: https://dashscope-finance.aliyuncs.com/compatible-mode/v1/chat/completions
# URL for Singapore:
url='https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions'
# To use another model, change its name below. For a list of models, see
# https://www.alibabacloud.com/help/model-studio/getting-started/models
body='{
  "model": "qwen-plus",
  "messages": [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Invent a name for a café."}
  ],
  "temperature": 1.2,
  "top_p": 0.9,
  "max_tokens": 50,
  "seed": 7
}'

if [ -z "$api_key" ]; then
  echo 'Set the environment variable DASHSCOPE_API_KEY.' >&2
  false
elif answer=$(
  printf '%s' "$body" |
    curl "$url" \
      --silent --show-error --fail-with-body \
      --header "Authorization: Bearer $api_key" \
      --header "Content-Type: application/json" \
      --data @-
); then
  printf '%s\n' "$answer"
else
  printf '%s\n' "$answer" >&2
  false
fi
