#!/bin/sh
# 需要 curl 7.76 或更高版本

# 各地域的 API Key 互不通用。获取方法请参见
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 如果未设置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：api_key='sk-xxx'
api_key=$DASHSCOPE_API_KEY
# 这是新加坡地域的 URL。其他地域的 URL：
#   北京: https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
#   美国（弗吉尼亚）: https://dashscope-us.aliyuncs.com/compatible-mode/v1/chat/completions
#   香港: https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
#   金融云: https://dashscope-finance.aliyuncs.com/compatible-mode/v1/chat/completions
url='https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions'
# 如需使用其他模型，请修改下方的模型名称。模型列表请参见
# https://www.alibabacloud.com/help/model-studio/getting-started/models
body='{
  "model": "qwen-plus",
  "messages": [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Who are you?"}
  ]
}'

if answer=$(
  printf '%s' "$body" |
    curl "$url" \
      --silent --show-error --fail-with-body \
      --header "Authorization: Bearer ${api_key:?Set the environment variable DASHSCOPE_API_KEY.}" \
      --header "Content-Type: application/json" \
      --data @-
); then
  printf '%s\n' "$answer"
else
  printf '%s\n' "$answer" >&2
  false
fi
