export default {
  chip: 'AI 翻译',
  writes: '客户使用{language}',
  on: '显示翻译',
  off: '关闭翻译',
  draft: '把草稿译成{language}',
  translating: '正在翻译…',
  use: '换成译文',
  keep: '保留原文',
  how: '接入一个模型，就能看到双向翻译',
  ask_admin: '管理员接入模型后，这里可以看到双向翻译',
}
