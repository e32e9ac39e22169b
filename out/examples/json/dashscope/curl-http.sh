# Requires curl 7.76 or later

# Each region has its own API keys. To get one, see
# https://www.alibabacloud.com/help/model-studio/get-api-key
# If DASHSCOPE_API_KEY is not set, run this first: export DASHSCOPE_API_KEY='sk-xxx'

# To use another model, change its name below. For a list of models, see
# https://www.alibabacloud.com/help/model-studio/getting-started/models
# URLs of other regions:
#   China (Beijing): https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
# URL for Singapore:
curl 'https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation' \
  --silent --show-error --fail-with-body \
  --header "Authorization: Bearer ${DASHSCOPE_API_KEY:?}" \
  --header "Content-Type: application/json" \
  --data '{
  "model": "qwen-plus",
  "input": {
    "messages": [
      {
        "role": "system",
        "content": "Extract the name and the age. Answer in JSON."
      },
      {"role": "user", "content": "Ada is 36 years old."}
    ]
  },
  "parameters": {
    "result_format": "message",
    "response_format": {"type": "json_object"}
  }
}'
