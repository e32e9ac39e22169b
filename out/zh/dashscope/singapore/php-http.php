<?php

// 需要 PHP (ext-curl) 8.1 或更高版本

// 各地域的 API Key 不同，不能混用。获取方法请参见：
// https://www.alibabacloud.com/help/model-studio/get-api-key
// 如果未配置环境变量 DASHSCOPE_API_KEY，请将下一行替换为：$apiKey = 'sk-xxx';
$apiKey = getenv('DASHSCOPE_API_KEY');
if (!$apiKey) {
    fwrite(STDERR, 'Set the environment variable DASHSCOPE_API_KEY.' . PHP_EOL);
    exit(1);
}

// 其他地域的 URL：
//   华北2（北京）：https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation
// 当前使用的 URL（新加坡）：
$url = 'https://dashscope-intl.aliyuncs.com/api/v1/services/aigc/text-generation/generation';
$body = [
    // 如需使用其他模型，请修改下方的模型名称。模型列表请参见：
    // https://www.alibabacloud.com/help/model-studio/getting-started/models
    'model' => 'qwen-plus',
    'input' => [
        'messages' => [
            ['role' => 'system', 'content' => 'You are a helpful assistant.'],
            ['role' => 'user', 'content' => 'Who are you?'],
        ],
    ],
    'parameters' => ['result_format' => 'message'],
];

$curl = curl_init($url);
curl_setopt_array($curl, [
    CURLOPT_HTTPHEADER => [
        'Authorization: Bearer ' . $apiKey,
        'Content-Type: application/json',
    ],
    CURLOPT_POSTFIELDS => json_encode($body, JSON_THROW_ON_ERROR),
    CURLOPT_RETURNTRANSFER => true,
]);
$answer = curl_exec($curl);
if ($answer === false) {
    fwrite(STDERR, curl_error($curl) . PHP_EOL);
    exit(1);
}
$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
if ($status !== 200) {
    fwrite(STDERR, "HTTP $status: $answer" . PHP_EOL);
    exit(1);
}
echo $answer, PHP_EOL;
