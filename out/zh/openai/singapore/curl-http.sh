# 需要 curl 7.76 或更高版本

# 各地域的 API Key 不同，不能混用。获取方法请参见：
# https://www.alibabacloud.com/help/model-studio/get-api-key
# 如果未配置环境变量 DASHSCOPE_API_KEY，请先运行：export DASHSCOPE_API_KEY='sk-xxx'

# 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
# https://www.alibabacloud.com/help/model-studio/getting-started/models
# 其他地域的 URL：
#   华北2（北京）：https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions
# 当前使用的 URL（新加坡）：
curl 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions' \
  --silent --show-error --fail-with-body \
  --header "Authorization: Bearer ${DASHSCOPE_API_KEY:?}" \
  --header "Content-Type: application/json" \
  --data '{
  "model": "qwen-plus",
  "messages": [
    {"role": "system", "content": "You are a helpful assistant."},
    {"role": "user", "content": "Who are you?"}
  ]
}'
