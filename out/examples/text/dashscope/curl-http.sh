#!/bin/sh
# Requires curl 7.76 or later

# Each region has its own API keys. To get one, see
# https://www.alibabacloud.com/help/model-studio/get-api-key
# If DASHSCOPE_API_KEY is not set, replace the next line with: api_key='sk-xxx'
api_key=$DASHSCOPE_API_KEY
# URLs of other regions:
#   China (Beijing): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
#   US (Virginia): https://dashscope-us.aliyuncs.com/api/v1/services/aigc/text-generation/generation
#   China (Hong Kong): https://cn-hongkong.dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
#   Finance Cloud: https://dashscope-finance.aliyuncs.com/api/v1/services/aigc/text-generation/generation
# URL for Singapore:
url='https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation'
# To use another model, change its name below. For a list of models, see
# https://www.alibabacloud.com/help/model-studio/getting-started/models
body='{
  "model": "qwen-plus",
  "input": {
    "messages": [
      {"role": "system", "content": "You are a helpful assistant."},
      {"role": "user", "content": "Who are you?"}
    ]
  },
  "parameters": {"result_format": "message"}
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
