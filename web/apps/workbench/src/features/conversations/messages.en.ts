export default {
  title: 'Conversations',
}
